import type { Result } from "../failure.ts";
import { Alarm } from "./alarm.ts";
import { choiceOfPress, choiceOfReply } from "./answer-choice.ts";
import type { AnswerChoice } from "./answer-choice.ts";
import { NOT_ALLOWED, describeAnswer } from "./answer-wording.ts";
import type { AnswerReport } from "./answer-wording.ts";
import type { AskedQuestion, QuestionBook } from "./asked-question.ts";
import type { BotFault } from "./bot-fault.ts";
import { Bot } from "./bot.ts";
import { escapeToFit } from "./html.ts";
import { isAllowed, readUpdate } from "./incoming.ts";
import type { BotUpdate, Incoming } from "./incoming.ts";
import { backoffMs, usualPace } from "./next-call.ts";
import type { Pace } from "./next-call.ts";
import { closedQuestionMessage, parseButtonData } from "./question-message.ts";
import type { QuestionEnd } from "./question-message.ts";
import type { TelegramSettings } from "./settings.ts";
import { Troubles } from "./troubles.ts";

/** What taking answers needs. */
export interface AnswerTools {
  readonly settings: TelegramSettings;
  /** Hears each trouble once. */
  readonly warn: (message: string) => void;
  readonly book: QuestionBook;
  /** The right to receive this bot's messages on this machine, or null while another process has it. */
  readonly tryLock: () => { release(): void } | null;
  /** Keeps an answer, unless there is one already. */
  readonly answer: (
    asked: AskedQuestion,
    choice: AnswerChoice,
    by: string,
  ) => Promise<AnswerReport>;
  readonly pace?: Pace;
  /** How long Telegram holds a call until something is written, in seconds. */
  readonly waitSeconds?: number;
  /** How often to look whether the right to receive has become free. */
  readonly lockEveryMs?: number;
  readonly callTimeoutMs?: number;
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
  readonly #pace: Pace;
  readonly #alarm = new Alarm();
  readonly #stop = new AbortController();
  /** Ends the calls that tell people, later than those that receive. */
  readonly #giveUp = new AbortController();
  #work: Promise<void> | null = null;
  #offset = 0;
  #failures = 0;

  constructor(tools: AnswerTools) {
    this.#tools = tools;
    this.#troubles = new Troubles(tools.warn, tools.settings.token);
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
    const { tryLock, lockEveryMs = 2_000, settings, callTimeoutMs } = this.#tools;
    try {
      while (!this.#stop.signal.aborted) {
        const lock = tryLock();
        if (lock === null) {
          await this.#alarm.sleep(lockEveryMs);
          continue;
        }
        try {
          await this.#receive(await Bot.open(settings, callTimeoutMs));
        } finally {
          lock.release();
        }
        return;
      }
    } catch (error) {
      this.#troubles.say(`answers are no longer taken: ${describe(error)}`);
    }
  }

  async #receive(bot: Bot): Promise<void> {
    const { waitSeconds = 25 } = this.#tools;
    let confirmed = 0;
    while (!this.#stop.signal.aborted && !this.#troubles.isHopeless) {
      const asking = this.#offset;
      const updates = await bot.updates(asking, waitSeconds, this.#stop.signal);
      if (updates.ok) {
        this.#failures = 0;
        confirmed = asking;
        for (const update of updates.value) await this.#takeIn(update, bot);
      } else if (!this.#stop.signal.aborted) await this.#rest(updates.failure);
    }
    // Telegram forgets what was handled only when asked for what comes next.
    if (confirmed !== this.#offset) await bot.updates(this.#offset, 0, this.#giveUp.signal);
  }

  /** What is left of a batch when it is time to go stays with Telegram for whoever receives next. */
  async #takeIn(update: BotUpdate, bot: Bot): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#offset = update.update_id + 1;
    try {
      const incoming = readUpdate(update);
      if (incoming.kind === "pressed") await this.#takePress(incoming, bot);
      if (incoming.kind === "replied") await this.#takeReply(incoming, bot);
    } catch (error) {
      // The next message may be fine; this one would come again for ever.
      this.#troubles.say(`a message could not be handled: ${describe(error)}`);
    }
  }

  async #takePress(press: Extract<Incoming, { kind: "pressed" }>, bot: Bot): Promise<void> {
    const { settings, book } = this.#tools;
    const tell = (text: string, isAlert: boolean): Promise<void> =>
      this.#tell(() => bot.answerPress(press.callbackId, text, isAlert, this.#giveUp.signal));
    if (!isAllowed(press.chat, settings.allowedChats)) return tell(NOT_ALLOWED, true);
    const button = parseButtonData(press.data);
    const asked = button === null ? null : book.byKey(button.key);
    const choice = asked === null || button === null ? null : choiceOfPress(asked, button);
    if (asked === null || choice === null)
      return tell(describeAnswer({ kind: "unknown" }, ""), true);
    const report = await this.#answer(asked, choice, press.by);
    await tell(describeAnswer(report, choice.text), report.kind !== "answered");
    await this.#close(asked, endOf(report, choice.text, press.by), bot);
  }

  async #takeReply(reply: Extract<Incoming, { kind: "replied" }>, bot: Bot): Promise<void> {
    const { settings, book } = this.#tools;
    const asked = book.byMessage(reply.to);
    if (asked === null || !isAllowed(reply.chat, settings.allowedChats)) return;
    const choice = choiceOfReply(asked, reply.text);
    const report: AnswerReport = choice.ok
      ? await this.#answer(asked, choice.value, reply.by)
      : { kind: "refused", reason: choice.failure };
    const text = choice.ok ? choice.value.text : "";
    await this.#tell(() =>
      bot.send(
        {
          chatId: reply.chat.id,
          threadId: reply.threadId,
          html: escapeToFit(describeAnswer(report, text), 1_000),
          buttons: [],
          isSilent: report.kind === "answered",
          replyTo: reply.messageId,
        },
        this.#giveUp.signal,
      ),
    );
    await this.#close(asked, endOf(report, text, reply.by), bot);
  }

  async #answer(asked: AskedQuestion, choice: AnswerChoice, by: string): Promise<AnswerReport> {
    try {
      return await this.#tools.answer(asked, choice, by);
    } catch (error) {
      this.#troubles.say(`an answer could not be kept: ${describe(error)}`);
      return { kind: "refused", reason: "it could not be kept, try again" };
    }
  }

  /** Shows in the question's message how it was closed, and takes its buttons away. */
  async #close(asked: AskedQuestion, end: QuestionEnd | null, bot: Bot): Promise<void> {
    const { place } = this.#tools.book.byKey(asked.key) ?? asked;
    if (end === null || place === null) return;
    const content = closedQuestionMessage(asked.question, end);
    await this.#tell(() => bot.edit(place.chatId, place.messageId, content, this.#giveUp.signal));
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

/** How a question is closed after a report, or null when it is not. */
function endOf(report: AnswerReport, text: string, by: string): QuestionEnd | null {
  if (report.kind === "answered") return { answer: text, by };
  return report.kind === "already_answered" ? { answer: report.text, by: report.by } : null;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
