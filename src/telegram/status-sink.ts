import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Sink } from "../events/event.ts";
import type { Proposal, Question } from "../questions/question.ts";
import type { QuestionBook } from "./asked-question.ts";
import { Bot } from "./bot.ts";
import type { ShownEvent } from "./happening.ts";
import type { MessageStore } from "./message-store.ts";
import { usualPace } from "./next-call.ts";
import type { Pace } from "./next-call.ts";
import { crashText } from "./outcome-text.ts";
import { RunReport } from "./run-report.ts";
import type { ChatId, TelegramSettings } from "./settings.ts";
import { Troubles } from "./troubles.ts";

/** What the sink for Telegram is given. */
export interface StatusSinkTools {
  readonly settings: TelegramSettings;
  readonly clock: Clock;
  /** Hears each trouble once. */
  readonly warn: (message: string) => void;
  readonly book: QuestionBook;
  /** Where the messages of a run are remembered. */
  readonly storeOf: (runId: string) => MessageStore;
  /** The events of a run so far; asked when the first event seen is not the run's first. */
  readonly historyOf: (runId: string) => readonly ShownEvent[];
  /** The result that a run's agent handed over, or null. */
  readonly resultOf: (runId: string) => string | null;
  readonly pace?: Pace;
  /** Milliseconds for one call. */
  readonly callTimeoutMs?: number;
}

/** A question that a person is to answer. */
export interface QuestionToAsk {
  readonly question: Question;
  /** What a foreman would answer, to be approved, or null. */
  readonly proposal: Proposal | null;
  readonly runFolder: string;
  /** Another chat than the configured one. */
  readonly chatId?: ChatId;
}

/** Shows runs in Telegram. Everything is queued: it never throws and nobody waits for it, except in `close`. */
export class StatusSink implements Sink {
  readonly #tools: StatusSinkTools;
  readonly #troubles: Troubles;
  readonly #reports = new Map<string, RunReport>();
  #bot: Promise<Bot> | null = null;

  constructor(tools: StatusSinkTools) {
    this.#tools = tools;
    this.#troubles = new Troubles(tools.warn, tools.settings.token);
  }

  record(event: ShownEvent): void {
    this.#reportOf(event.runId).record(event);
  }

  /** Puts a question to the people in the chat; its message changes when the question is answered or skipped. */
  ask({ question, proposal, runFolder, chatId }: QuestionToAsk): void {
    const key = randomBytes(8).toString("hex");
    this.#reportOf(question.runId).post({
      kind: "ask",
      chatId: chatId ?? null,
      asked: {
        schema: "delegate.telegram-question.v1",
        key,
        question,
        proposal,
        runFolder,
        place: null,
      },
    });
  }

  /** Tells of a bug of ours; `close` gives it the time to arrive. */
  reportCrash(text: string): void {
    const html = crashText(this.#tools.settings.token.redact(text));
    this.#reportOf("").post({ kind: "say", html });
  }

  /** Lets the rest be told, at most so many milliseconds. */
  async close(timeoutMs = 5_000): Promise<void> {
    await Promise.all([...this.#reports.values()].map((report) => report.close(timeoutMs)));
  }

  #reportOf(runId: string): RunReport {
    const known = this.#reports.get(runId);
    if (known !== undefined) return known;
    const { settings, clock, book, storeOf, historyOf, resultOf, pace } = this.#tools;
    const report = new RunReport(runId, {
      settings,
      clock,
      pace: pace ?? usualPace,
      troubles: this.#troubles,
      book,
      openBot: () => (this.#bot ??= Bot.open(settings, this.#tools.callTimeoutMs)),
      store: runId === "" ? null : storeOf(runId),
      history: () => historyOf(runId),
      result: () => resultOf(runId),
    });
    this.#reports.set(runId, report);
    return report;
  }
}
