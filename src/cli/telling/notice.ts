import { existsSync } from "node:fs";
import type { Config } from "../../config/config.ts";
import type { NotifySubject } from "../../config/notify.ts";
import type { Sink } from "../../events/event.ts";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import type { Outcome } from "../../run/outcome.ts";
import { findRunIdProblem } from "../../run/plan.ts";
import type { NotifyWish } from "./notify.ts";
import { chooseNotifiers } from "./notify.ts";
import type { Shell } from "../shell.ts";

/** How this process leaves a run. */
export type Left = Pick<Outcome, "runId" | "status">;

/** What tells people elsewhere of a run. */
export interface Notice {
  readonly sinks: readonly Sink[];
  /** Lets the rest be told, for a few seconds at most; a run that goes on is told of by another process from then on. */
  close(left: Left): Promise<void>;
  /** Tells how a run has ended whose process could not tell it any more. */
  catchUp(): Promise<void>;
  /** Nobody goes on with the run when this process ends in an orderly way without a call of `close`. */
  abandon(): void;
}

/** Of which run people are to be told, and how. */
export interface NoticeNeed {
  readonly wish: NotifyWish;
  /** Whose run it is; asked only when the config makes a difference by it. */
  readonly subject: () => NotifySubject | null;
  /** Null for a run that is yet to get an id. */
  readonly runId: string | null;
  /** Whether this process leaves as soon as the task is sent, and another one tells. */
  readonly leavesOnceSent: boolean;
  /** Whether another process goes on with the run when this one is killed. */
  readonly isGuarded: boolean;
}

const silence: Notice = {
  sinks: [],
  close: () => Promise.resolve(),
  catchUp: () => Promise.resolve(),
  abandon: () => undefined,
};

/** What tells of a run, if anybody is to be told; a failure when that was asked for and can't be done. */
export async function openNotice(
  need: NoticeNeed,
  config: Config,
  shell: Shell,
): Promise<Result<Notice>> {
  const { wish, subject, runId } = need;
  const isKnown = runId !== null && isToldInTelegram(runId, config);
  const chosen = chooseNotifiers({
    wish,
    rules: config.notify,
    subject: config.notify === null ? null : subject(),
    earlier: isKnown ? ["telegram"] : [],
  });
  if (!chosen.includes("telegram")) return success(silence);
  const { openTelegramNotice } = await import("./telegram-notice.ts");
  return openTelegramNotice(need, config, shell) ?? success(silence);
}

/** Whether somebody has told of the run in Telegram, or is about to. */
export function isToldInTelegram(runId: string, { handoffDir }: Config): boolean {
  return (
    findRunIdProblem(runId) === null &&
    existsSync(`${runPaths(handoffDir, runId).folder}/telegram.json`)
  );
}
