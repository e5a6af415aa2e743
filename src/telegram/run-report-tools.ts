import type { RunEvent } from "../events/event.ts";
import type { Clock } from "../clock.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import type { QuestionBook } from "./asked-question.ts";
import type { Bot } from "./bot.ts";
import type { MessageStore } from "./message-store.ts";
import type { Pace } from "./next-call.ts";
import type { LookUp } from "./perform-call.ts";
import type { TelegramSettings } from "./settings.ts";
import type { Troubles } from "./troubles.ts";

/** What the report of one run needs. */
export interface RunReportTools {
  readonly settings: TelegramSettings;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly troubles: Troubles;
  readonly book: QuestionBook;
  readonly openBot: () => Promise<Bot>;
  /** Null for what belongs to no run. */
  readonly store: MessageStore | null;
  /** The run's events so far, for who comes in its middle. */
  readonly history: () => readonly RunEvent[];
  /** The result that the agent handed over, or null. */
  readonly result: () => string | null;
  /** To whom questions go. */
  readonly rules: QuestionSettings;
  readonly lookUp: LookUp;
  readonly newKey: () => string;
  /** Hears that people are asked something. */
  readonly onAsking: () => void;
}
