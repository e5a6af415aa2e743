import type { Config } from "../../config/config.ts";
import type { NotifySubject } from "../../config/notify.ts";
import type { Failure } from "../../failure.ts";
import { RunReader } from "../../follow/run-reader.ts";
import { awaitRun } from "../../run/delegation.ts";
import { failureOutcome } from "../../run/outcome.ts";
import type { Command } from "../command.ts";
import { Patience } from "../live/patience.ts";
import { openNotice } from "../telling/notice.ts";
import { subjectOfRun } from "../telling/notice-subject.ts";
import { openProgress } from "../live/progress.ts";
import { reportOutcome } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";
import type { Stay } from "../telling/stay.ts";
import { isWatcherOf } from "../telling/watcher-variable.ts";

type WaitCommand = Command & { name: "wait" };

/** `delegate wait <runId>`. */
export async function runWait(command: WaitCommand, shell: Shell): Promise<number> {
  const refuse = (reason: Failure): number =>
    reportOutcome(failureOutcome(reason, { runId: command.runId }), command.format, shell);
  const config = runsConfigFor(shell, command);
  if (!config.ok) return refuse(config.failure);
  const { runId, notify: wish } = command;
  const { handoffDir } = config.value;
  const subject = (): NotifySubject | null => subjectOfRun(runId, config.value);
  const notice = await openNotice(
    { wish, subject, runId, leavesOnceSent: false, isGuarded: true },
    config.value,
    shell,
  );
  if (!notice.ok) return refuse(notice.failure);
  const stay = isWatcherOf(runId, shell.env) ? await openStay(runId, config.value, shell) : null;
  if (stay?.isRunOver === true) {
    await notice.value.catchUp();
    return 0;
  }
  const patience = openPatience(command, config.value, shell);
  const { leavesAtMs } = patience;
  const progress = await openProgress(command, { handoffDir, runId, leavesAtMs }, shell);
  try {
    const sinks = [...progress.sinks, ...notice.value.sinks, ...(stay?.sinks ?? [])];
    const tools = runToolsFor(shell, config.value, sinks, command.onQuestion);
    const over = stay === null ? [] : [stay.signal];
    const signal = AbortSignal.any([shell.signal, patience.signal, ...over]);
    const outcome = await awaitRun(runId, tools, signal, patience.isLimited);
    progress.close();
    const exitCode = reportOutcome(outcome, command.format, shell);
    await notice.value.close(outcome);
    return exitCode;
  } finally {
    stay?.close();
    patience.close();
    progress.close();
    notice.value.abandon();
  }
}

function openPatience(
  { runId, timeoutMs, deadlineMs, idleTimeoutMs }: WaitCommand,
  { handoffDir }: Config,
  { clock }: Shell,
): Patience {
  const reader = RunReader.open(handoffDir, runId, () => clock.nowMs());
  return new Patience({ timeoutMs, deadlineMs, idleTimeoutMs }, reader, clock);
}

async function openStay(runId: string, config: Config, shell: Shell): Promise<Stay> {
  const { Stay: WatcherStay } = await import("../telling/stay.ts");
  return new WatcherStay(runId, config, shell.clock);
}
