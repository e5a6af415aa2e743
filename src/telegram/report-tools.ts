import type { Clock } from "../clock.ts";
import type { QuestionBook } from "./asked-question.ts";
import type { Bot } from "./bot.ts";
import type { MessageStore } from "./message-store.ts";
import type { Pace } from "./next-call.ts";
import type { LookUp } from "./perform-call.ts";
import type { Post } from "./post.ts";
import type { Ledger } from "./question-ledger.ts";
import type { TelegramSettings } from "./settings.ts";
import type { StatusView } from "./status-view.ts";
import type { Troubles } from "./troubles.ts";

/** What a report needs, whatever it tells of. */
export interface ReportTools {
  readonly settings: TelegramSettings;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly troubles: Troubles;
  readonly book: QuestionBook;
  readonly openBot: () => Promise<Bot>;
  /** Null for what belongs to nothing that is told of. */
  readonly store: MessageStore | null;
  readonly lookUp: LookUp;
  /** Hears that people are asked something. */
  readonly onAsking: () => void;
}

/** What a report tells of: a run, or a flow run. */
export interface ReportSubject {
  /** In the middle of a sentence, such as `run r`; empty for what has no name. */
  readonly name: string;
  readonly ledger: Ledger;
  /** Null while there is nothing to show. */
  readonly status: StatusView | null;
  /** Whether something has come that is not taken in yet. */
  readonly hasNews: boolean;
  /** Begins; what was sent by earlier processes is in the ledger by then. */
  begin(): void;
  /** Takes in what has come; the value is what is to be said besides. */
  takeIn(): readonly Post[];
}
