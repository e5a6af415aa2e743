import { asksForTelegram } from "./notify.ts";
import { remark } from "../terminal/remark.ts";
import type { Config } from "../../config/config.ts";
import type { RunEvent, Sink } from "../../events/event.ts";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import { messageOf } from "../../thrown.ts";
import { readEvents } from "../../run/stored/history.ts";
import { isDriven } from "../../run/stored/ownership.ts";
import { readRequest } from "../../run/stored/run-folder.ts";
import type { AnswerListener } from "../../telegram/answers.ts";
import { Bot } from "../../telegram/bot.ts";
import { countDeaths } from "../../telegram/driver-fate.ts";
import { MessageFile, newKeptMessages } from "../../telegram/message-store.ts";
import type { Crash } from "../../telegram/outcome-text.ts";
import type { TelegramSettings } from "../../telegram/settings.ts";
import type { StatusSink } from "../../telegram/status-sink.ts";
import { Guard } from "./guard.ts";
import type { Left, Notice, NoticeNeed } from "./notice.ts";
import { warnOfNotice } from "./notify-log.ts";
import { openStatusSink } from "./open-status-sink.ts";
import { lifeOf } from "../runs/run-life.ts";
import type { Shell } from "../shell.ts";
import { readTelegramSettings } from "./telegram-settings.ts";
import { isWatcherOf } from "./watcher-variable.ts";
import { startWatcher } from "./watcher.ts";

/** How long what is on its way may take to arrive, before another process goes on with the same messages. */
const HAND_OVER_MS = 1_000;

/** A run whose processes end without a word again and again is left to whoever asks for it next. */
const MOST_DEATHS = 3;

/** What tells of a run in Telegram; null when only the config wants that and it can't be done, of which it warns. */
export function openTelegramNotice(
  need: NoticeNeed,
  config: Config,
  shell: Shell,
): Result<Notice> | null {
  const settings = readTelegramSettings(config, shell);
  if (settings.ok) return success(new TelegramNotice(need, settings.value, config, shell));
  if (asksForTelegram(need.wish)) return settings;
  remark(settings.failure.message, shell);
  return null;
}

/** Tells of the one run that this process has to do with, for as long as this process drives it. */
class TelegramNotice implements Notice, Sink {
  readonly #need: NoticeNeed;
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
  #isClosed = false;
  #guard: Guard | null = null;
  #bot: Promise<Bot> | null = null;
  readonly #around = {
    warn: (message: string): void => this.#warn(message),
    openBot: (): Promise<Bot> => (this.#bot ??= Bot.open(this.#settings)),
  };
  #listener: Promise<AnswerListener | null> | null = null;

  constructor(need: NoticeNeed, settings: TelegramSettings, config: Config, shell: Shell) {
    this.#need = need;
    this.#settings = settings;
    this.#config = config;
    this.#shell = shell;
    const onAsking = (): void => this.#listen();
    this.#sink = openStatusSink(settings, config, shell, { ...this.#around, onAsking });
    this.#held = need.leavesOnceSent ? [] : null;
    this.#runId = need.runId;
    shell.crashTellers.add((crash) => this.#tellOfCrash(crash));
    if (need.runId !== null && asksForTelegram(need.wish)) this.#warnIfDrivenSilently(need.runId);
  }

  get sinks(): readonly Sink[] {
    return [this];
  }

  record(event: RunEvent): void {
    // A foreman is asked through a run of its own, and what was delegated from within a run is canceled with it.
    if (this.#runId !== null && event.runId !== this.#runId) return;
    if (!this.#hasBegun) this.#begin(event);
    this.#isLeft = event.type === "driver_left" && !isWatcherOf(event.runId, this.#shell.env);
    // Who goes on with the run goes on telling of it, so that to say that nobody watches it would be wrong.
    if (this.#isLeft) return;
    if (this.#held === null) this.#sink.record(event);
    else this.#held.push(event);
  }

  async close({ runId, status }: Left): Promise<void> {
    this.#isClosed = true;
    const isUntold = status === "sent" && !this.#hasBegun;
    if (runId !== undefined && (this.#isLeft || isUntold)) {
      this.#isHandingOver = true;
      await this.#closeAll(HAND_OVER_MS);
      await this.#handOver(runId);
      return;
    }
    for (const event of this.#held ?? []) this.#sink.record(event);
    await Promise.race([this.#closeAll(), once(this.#shell.signal)]);
    this.#guard?.dismiss();
  }

  async catchUp(): Promise<void> {
    const { runId } = this.#need;
    const { handoffDir } = this.#config;
    // Who has ended the run may still be about to tell of it.
    if (runId === null || lifeOf(handoffDir, runId) === "driven") return;
    const { events } = readEvents(runPaths(handoffDir, runId).events);
    const ending = events.findLast(({ type }) => type === "run_ended");
    if (ending !== undefined) this.#sink.record(ending);
    await this.#closeAll();
  }

  abandon(): void {
    if (!this.#isClosed) this.#guard?.dismiss();
  }

  async #closeAll(timeoutMs?: number): Promise<void> {
    const listener = this.#listener?.then((opened) => opened?.close(timeoutMs));
    await Promise.all([this.#sink.close(timeoutMs, this.#isHandingOver), listener]);
  }

  /** Whoever drives this run next, and was not asked to tell of it, finds that it is told of. */
  #begin(event: RunEvent): void {
    const { runId } = event;
    this.#hasBegun = true;
    this.#runId = runId;
    const store = new MessageFile(runPaths(this.#config.handoffDir, runId).folder);
    const { chatId, threadId } = this.#settings;
    try {
      if (store.load() === null) store.save(newKeptMessages(chatId, threadId));
    } catch {
      // The sink will say so, when it has sent something that is to be remembered.
    }
    // The run comes first: its request leaves before another process is started.
    if (this.#need.isGuarded) setImmediate(() => this.#beginGuard(event));
  }

  #beginGuard({ runId, type }: RunEvent): void {
    if (this.#isClosed) return;
    try {
      if (type === "driver_took_over" && this.#deathsOf(runId) >= MOST_DEATHS) return;
      this.#guard = Guard.start(runId, this.#config, this.#shell.env);
    } catch (error) {
      this.#warn(`Telegram: nobody notices when this process is killed: ${messageOf(error)}`);
    }
  }

  #deathsOf(runId: string): number {
    const { events } = readEvents(runPaths(this.#config.handoffDir, runId).events);
    return countDeaths(events);
  }

  /** Where nobody may answer, the bot's messages are left to others. */
  #listen(): void {
    if (this.#isClosed || this.#settings.allowedChats.length === 0) return;
    this.#listener ??= this.#openListener();
  }

  async #openListener(): Promise<AnswerListener | null> {
    try {
      const { openAnswerListener } = await import("./open-answer-listener.ts");
      const listener = await openAnswerListener(
        this.#settings,
        this.#config,
        this.#shell,
        this.#around,
      );
      if (!this.#isClosed) listener.start();
      return listener;
    } catch (error) {
      this.#warn(`Telegram: answers are not taken: ${messageOf(error)}`);
      return null;
    }
  }

  async #handOver(runId: string): Promise<void> {
    try {
      await startWatcher(runId, this.#config, this.#shell.env);
      this.#guard?.dismiss();
    } catch (error) {
      this.#isHandingOver = false;
      this.#warn(`Telegram: nobody goes on telling of run ${runId}: ${messageOf(error)}`);
    }
  }

  async #tellOfCrash(crash: Crash): Promise<void> {
    this.#isClosed = true;
    this.#guard?.dismiss();
    this.#sink.reportCrash(crash, this.#hasBegun ? this.#runId : null);
    await this.#closeAll();
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

  #warn(message: string): void {
    if (!this.#isHandingOver) warnOfNotice(message, this.#runId, this.#config, this.#shell);
  }
}

/** Settles when the signal fires from now on; one that fired before is why this process leaves. */
function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}
