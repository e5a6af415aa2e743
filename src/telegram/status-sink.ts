import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Sink, RunEvent } from "../events/event.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import { askedUnder } from "./asked-question.ts";
import type { AskableQuestion, QuestionBook } from "./asked-question.ts";
import type { Bot } from "./bot.ts";
import type { MessageStore } from "./message-store.ts";
import { usualPace } from "./next-call.ts";
import type { Pace } from "./next-call.ts";
import type { Crash } from "./outcome-text.ts";
import { crashText } from "./outcome-text.ts";
import { RunReport } from "./run-report.ts";
import type { TelegramSettings } from "./settings.ts";
import { Troubles } from "./troubles.ts";

/** What the sink for Telegram is given. */
export interface StatusSinkTools {
  readonly settings: TelegramSettings;
  readonly clock: Clock;
  /** Hears each trouble once. */
  readonly warn: (message: string) => void;
  /** Opened when the first run is told of. */
  readonly openBook: () => QuestionBook;
  /** Where the messages of a run are remembered. */
  readonly storeOf: (runId: string) => MessageStore;
  /** The events of a run so far; asked when the first event seen is not the run's first. */
  readonly historyOf: (runId: string) => readonly RunEvent[];
  /** The result that a run's agent handed over, or null. */
  readonly resultOf: (runId: string) => string | null;
  /** To whom questions go. */
  readonly rules: QuestionSettings;
  /** What is known of a question by its id, or null when there is no such question. */
  readonly lookUp: (questionId: string) => AskableQuestion | null;
  /** Hears that people are asked something. */
  readonly onAsking: () => void;
  readonly openBot: () => Promise<Bot>;
  readonly pace?: Pace;
}

/** Shows runs in Telegram. Everything is queued: it never throws and nobody waits for it, except in `close`. */
export class StatusSink implements Sink {
  readonly #tools: StatusSinkTools;
  readonly #troubles: Troubles;
  readonly #reports = new Map<string, RunReport>();
  #book: QuestionBook | null = null;

  constructor(tools: StatusSinkTools) {
    this.#tools = tools;
    this.#troubles = new Troubles(tools.warn, tools.settings.token);
  }

  record(event: RunEvent): void {
    this.#reportOf(event.runId).record(event);
  }

  /** Tells of a crash over a run, if there is one; `close` gives it the time to arrive. */
  reportCrash({ text, hint }: Crash, runId: string | null): void {
    const html = crashText({ text: this.#tools.settings.token.redact(text), hint }, runId);
    this.#reportOf("").post({ kind: "say", html });
  }

  /** Lets the rest be told, at most so many milliseconds, or by another process if it is handed over. */
  async close(timeoutMs = 5_000, isHandedOver = false): Promise<void> {
    const reports = [...this.#reports.values()];
    await Promise.all(reports.map((report) => report.close(timeoutMs, isHandedOver)));
  }

  #reportOf(runId: string): RunReport {
    const known = this.#reports.get(runId);
    if (known !== undefined) return known;
    const { storeOf, historyOf, resultOf, pace, openBook, lookUp } = this.#tools;
    this.#book ??= openBook();
    const report = new RunReport(runId, {
      ...this.#tools,
      pace: pace ?? usualPace,
      troubles: this.#troubles,
      book: this.#book,
      lookUp: (questionId, key) => {
        const askable = lookUp(questionId);
        return askable === null ? null : askedUnder(key, askable);
      },
      newKey: () => randomBytes(8).toString("hex"),
      store: runId === "" ? null : storeOf(runId),
      history: () => historyOf(runId),
      result: () => resultOf(runId),
    });
    this.#reports.set(runId, report);
    return report;
  }
}
