import { appendFileSync } from "node:fs";
import { toIso } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { RunEvent, Sink } from "../events/event.ts";
import type { Result } from "../failure.ts";
import { success } from "../failure.ts";
import { runPaths } from "../handoff/paths.ts";
import { readEvents } from "../run/history.ts";
import type { Outcome } from "../run/outcome.ts";
import { isDriven } from "../run/ownership.ts";
import { readRequest } from "../run/run-folder.ts";
import { MessageFile, newKeptMessages } from "../telegram/message-store.ts";
import type { TelegramSettings } from "../telegram/settings.ts";
import type { StatusSink } from "../telegram/status-sink.ts";
import type { Notice, NoticeNeed } from "./notice.ts";
import { openStatusSink } from "./open-status-sink.ts";
import { plainLine } from "./plain.ts";
import type { Shell } from "./shell.ts";
import { readTelegramSettings } from "./telegram-settings.ts";
import { isWatcherOf, startWatcher } from "./watcher.ts";

/** How long what is on its way may take to arrive, before another process goes on with the same messages. */
const HAND_OVER_MS = 1_000;

/** What tells of a run in Telegram; null when only the config wants that and it can't be done, of which it warns. */
export function openTelegramNotice(
  need: NoticeNeed,
  config: Config,
  shell: Shell,
): Result<Notice> | null {
  const settings = readTelegramSettings(config, shell);
  if (settings.ok) return success(new TelegramNotice(need, settings.value, config, shell));
  if (isAsked(need)) return settings;
  shell.stderr.write(`delegate: ${plainLine(settings.failure.message)}\n`);
  return null;
}

/** Tells of the one run that this process has to do with, for as long as this process drives it. */
class TelegramNotice implements Notice, Sink {
  readonly #settings: TelegramSettings;
  readonly #config: Config;
  readonly #shell: Shell;
  readonly #sink: StatusSink;
  /** What has happened, while it is not clear yet which process tells of it; null when it is told at once. */
  #held: RunEvent[] | null;
  #runId: string | null;
  #hasBegun = false;
  #isLeft = false;
  /** What is untold then is told by the next process. */
  #isHandingOver = false;

  constructor(need: NoticeNeed, settings: TelegramSettings, config: Config, shell: Shell) {
    this.#settings = settings;
    this.#config = config;
    this.#shell = shell;
    this.#sink = openStatusSink(settings, config, shell, (message) => {
      if (!this.#isHandingOver) this.#warn(message);
    });
    this.#held = need.leavesOnceSent ? [] : null;
    this.#runId = need.runId;
    if (need.runId !== null && isAsked(need)) this.#warnIfDrivenSilently(need.runId);
  }

  get sinks(): readonly Sink[] {
    return [this];
  }

  record(event: RunEvent): void {
    if (!this.#hasBegun) this.#begin(event.runId);
    this.#isLeft = event.type === "driver_left" && !isWatcherOf(event.runId, this.#shell.env);
    // Who goes on with the run goes on telling of it, so that to say that nobody watches it would be wrong.
    if (this.#isLeft) return;
    if (this.#held === null) this.#sink.record(event);
    else this.#held.push(event);
  }

  async close({ runId, status }: Outcome): Promise<void> {
    const isUntold = status === "sent" && !this.#hasBegun;
    if (runId !== undefined && (this.#isLeft || isUntold)) {
      this.#isHandingOver = true;
      await this.#sink.close(HAND_OVER_MS);
      await this.#handOver(runId);
      return;
    }
    for (const event of this.#held ?? []) this.#sink.record(event);
    await Promise.race([this.#sink.close(), once(this.#shell.signal)]);
  }

  /** Whoever drives this run next, and was not asked to tell of it, finds that it is told of. */
  #begin(runId: string): void {
    this.#hasBegun = true;
    this.#runId = runId;
    const store = new MessageFile(runPaths(this.#config.handoffDir, runId).folder);
    const { chatId, threadId } = this.#settings;
    try {
      if (store.load() === null) store.save(newKeptMessages(chatId, threadId));
    } catch {
      // The sink will say so, when it has sent something that is to be remembered.
    }
  }

  async #handOver(runId: string): Promise<void> {
    try {
      await startWatcher(runId, this.#config, this.#shell.env);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(`Telegram: nobody goes on telling of run ${runId}: ${reason}`);
    }
  }

  /** Only a run's driver tells of it. One that was not asked to can't be asked any more. */
  #warnIfDrivenSilently(runId: string): void {
    const paths = runPaths(this.#config.handoffDir, runId);
    const request = readRequest(paths);
    if (!request.ok || request.value === null) return;
    if (new MessageFile(paths.folder).load() !== null) return;
    const { events } = readEvents(paths.events);
    if (isDriven(paths, request.value, events, this.#shell.clock.nowMs()))
      this.#warn(
        `Telegram: run ${runId} is driven by a process that does not tell of it; it is told of once that process has left`,
      );
  }

  /** Says what went wrong here, and notes it beside the run for when nobody looks here. */
  #warn(message: string): void {
    const { clock, stderr } = this.#shell;
    stderr.write(`delegate: ${plainLine(message)}\n`);
    if (this.#runId === null) return;
    const { folder } = runPaths(this.#config.handoffDir, this.#runId);
    try {
      appendFileSync(`${folder}/notify.log`, `${toIso(clock.nowMs())} ${plainLine(message)}\n`, {
        mode: 0o600,
      });
    } catch {
      // It has been said; a full disk is told of elsewhere.
    }
  }
}

/** Whether the command line asks for it; what the config asks for is done as far as it can be. */
function isAsked({ wish }: NoticeNeed): boolean {
  return wish !== "nobody" && wish.includes("telegram");
}

/** Settles when the signal fires from now on; one that fired before is why this process leaves. */
function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}
