import type { Proposal, Question } from "../questions/question.ts";

/** Where a message is; the chat's number also when it was sent to a name. */
export interface MessagePlace {
  readonly chatId: number;
  readonly messageId: number;
}

/** A question that was put to people in a chat. */
export interface AskedQuestion {
  readonly schema: "delegate.telegram-question.v1";
  /** What leads from a button back to the question: hexadecimal, at most 32 digits. */
  readonly key: string;
  readonly question: Question;
  /** What a foreman would answer, to be approved, or null. */
  readonly proposal: Proposal | null;
  /** The folder of the run that asks. */
  readonly runFolder: string;
  /** The config of that run: it says who may answer, and how the run goes on. */
  readonly configPath: string;
  /** Null until Telegram has the message. */
  readonly place: MessagePlace | null;
}

/** Remembers which message and which button belong to which question, for all processes that use the same bot. */
export interface QuestionBook {
  keep(asked: AskedQuestion): void;
  byKey(key: string): AskedQuestion | null;
  byMessage(place: MessagePlace): AskedQuestion | null;
}
