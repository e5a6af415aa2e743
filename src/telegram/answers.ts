import type { Result } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { Alarm } from "./alarm.ts";
import { AnswerDesk } from "./answer-desk.ts";
import type { AnswerDeskTools, Telling } from "./answer-desk.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot } from "./bot.ts";
import { readUpdate } from "./incoming.ts";
import type { BotUpdate } from "./incoming.ts";
import { backoffMs, usualPace } from "./next-call.ts";
import type { Pace } from "./next-call.ts";
import type { ReceivedMark } from "./received-mark.ts";
import type { TelegramSettings } from "./settings.ts";
import { Troubles } from "./troubles.ts";

/** What taking answers needs. */
export interface AnswerTools extends Omit<AnswerDeskTools, "troubles"> {
  readonly settings: TelegramSettings;
  /** Hears each trouble once. */
  readonly warn: (message: string) => void;
  /** How far the bot's messages are handled. */
  readonly mark: ReceivedMark;
  /** The right to receive this bot's messages on this machine, or null while another process has it. */
  readonly tryLock: () => { release(): void } | null;
  readonly pace?: Pace;
  /** How long Telegram holds a call until something is written, in seconds. */
  readonly waitSeconds?: number;
  /** How often to look whether the right to receive has become free. */
  readonly lockEveryMs?: number;
  readonly openBot: () => Promise<Bot>;
}

/** Calls that fail one after the other before people are told. */
const FAILURES_UNTIL_SAID = 3;

/** Tries of a call that tells people what came of their answer; the answer itself is kept by then. */
const TELLING_TRIES = 3;

const LONGEST_PAUSE_WHILE_TELLING_MS = 10_000;

/** Takes answers from Telegram to the questions that were asked there, while it is open. */
export class AnswerListener {
  readonly #tools: AnswerTools;
  readonly #troubles: Troubles;
  readonly #desk: AnswerDesk;
  readonly #pace: Pace;
  readonly #alarm = new Alarm();
  readonly #stop = new AbortController();
  /** Ends the calls that tell people, later than those that receive. */
  readonly #giveUp = new AbortController();
  #work: Promise<void> | null = null;
  #failures = 0;

  constructor(tools: AnswerTools) {
    this.#tools = tools;
    this.#troubles = new Troubles(tools.warn, tools.settings.token);
    this.#desk = new AnswerDesk({ ...tools, troubles: this.#troubles });
    this.#pace = tools.pace ?? usualPace;
  }

  start(): void {
    this.#work ??= this.#listen();
  }

  /** Takes no more answers; what is being handled is finished, at most so many milliseconds. */
  async close(timeoutMs = 3_000): Promise<void> {
    this.#stop.abort();
    this.#alarm.ring();
    const { promise: isTimeOver, resolve: endTime } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#giveUp.abort();
      this.#alarm.ring();
      endTime();
    }, timeoutMs);
    await Promise.race([this.#work, isTimeOver]);
    clearTimeout(timer);
  }

  async #listen(): Promise<void> {
    const { tryLock, lockEveryMs = 2_000, openBot } = this.#tools;
    try {
      while (!this.#stop.signal.aborted) {
        const lock = tryLock();
        if (lock === null) {
          await this.#alarm.sleep(lockEveryMs);
          continue;
        }
        try {
          await this.#receive(await openBot());
        } finally {
          lock.release();
        }
        return;
      }
    } catch (error) {
      this.#troubles.say(`answers are no longer taken: ${messageOf(error)}`);
    }
  }

  async #receive(bot: Bot): Promise<void> {
    const { waitSeconds = 25, mark } = this.#tools;
    while (!this.#stop.signal.aborted && !this.#troubles.isHopeless) {
      const updates = await bot.updates(mark.offset, waitSeconds, this.#stop.signal);
      if (updates.ok) {
        this.#failures = 0;
        for (const update of updates.value) await this.#takeIn(update, bot);
      } else if (!this.#stop.signal.aborted) await this.#rest(updates.failure);
    }
    if (!this.#troubles.isHopeless) await this.#receiveRest(bot);
  }

  /** Telegram forgets what was handled only when asked for what comes next; who came too late is told so. */
  async #receiveRest(bot: Bot): Promise<void> {
    while (!this.#giveUp.signal.aborted) {
      const updates = await bot.updates(this.#tools.mark.offset, 0, this.#giveUp.signal);
      if (!updates.ok || updates.value.length === 0) return;
      for (const update of updates.value) await this.#takeIn(update, bot);
    }
  }

  /** What there is no time for any more stays with Telegram for whoever receives next. */
  async #takeIn(update: BotUpdate, bot: Bot): Promise<void> {
    if (this.#giveUp.signal.aborted) return;
    let tellings: readonly Telling[] = [];
    try {
      tellings = await this.#desk.take(readUpdate(update));
    } catch (error) {
      // The next message may be fine; this one would come again for ever.
      this.#troubles.say(`a message could not be handled: ${messageOf(error)}`);
    }
    // Between the answer and the telling: who dies here has handled it, and who died before has not.
    this.#moveMark(update.update_id + 1);
    for (const telling of tellings) await this.#tell(() => telling(bot, this.#giveUp.signal));
  }

  #moveMark(offset: number): void {
    try {
      this.#tools.mark.moveTo(offset);
    } catch (error) {
      this.#troubles.say(`what was received can't be remembered: ${messageOf(error)}`);
    }
  }

  async #tell(call: () => Promise<Result<unknown, BotFault>>): Promise<void> {
    for (let tries = 1; tries <= TELLING_TRIES && !this.#giveUp.signal.aborted; tries += 1) {
      const told = await call();
      if (told.ok) return;
      const fault = told.failure;
      if (fault.kind === "token_refused") this.#troubles.refuseToken(fault.reason);
      const pauseMs =
        fault.kind === "limited"
          ? fault.retryAfterMs
          : fault.kind === "unavailable"
            ? backoffMs(tries, this.#pace)
            : null;
      if (pauseMs === null || pauseMs > LONGEST_PAUSE_WHILE_TELLING_MS) return;
      if (tries < TELLING_TRIES) await this.#sleepThrough(pauseMs);
    }
  }

  /** A bell that rang for the end of receiving does not shorten this sleep; giving up does. */
  async #sleepThrough(ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (performance.now() < untilMs && !this.#giveUp.signal.aborted)
      await this.#alarm.sleep(untilMs - performance.now());
  }

  async #rest(fault: BotFault): Promise<void> {
    this.#failures += 1;
    if (fault.kind === "token_refused") this.#troubles.refuseToken(fault.reason);
    else if (this.#failures === FAILURES_UNTIL_SAID) this.#troubles.say(sayFault(fault));
    const pauseMs =
      fault.kind === "limited" ? fault.retryAfterMs : backoffMs(this.#failures, this.#pace);
    if (!this.#troubles.isHopeless) await this.#alarm.sleep(pauseMs);
  }
}

function sayFault({ kind, reason }: BotFault): string {
  return kind === "conflict"
    ? `another program receives this bot's messages (${reason}); give delegate a bot of its own`
    : `answers can't be received (${reason}); trying again`;
}
