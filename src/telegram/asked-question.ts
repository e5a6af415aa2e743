import type { Proposal, Question } from "../questions/question.ts";
import type { AskedStep } from "./flow/asked-step.ts";

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

/** A question before it is put to people. */
export type AskableQuestion = Omit<AskedQuestion, "schema" | "key" | "place">;

/** A question of a run's agent that is about to be put to people under this key. */
export function askedUnder(key: string, askable: AskableQuestion): AskedQuestion {
  return { schema: "delegate.telegram-question.v1", key, ...askable, place: null };
}

/** Whatever people were asked. */
export type Asked = AskedQuestion | AskedStep;

/** Remembers which message and which button belong to which question, for all processes that use the same bot. */
export interface QuestionBook {
  keep(asked: Asked): void;
  byKey(key: string): Asked | null;
  byMessage(place: MessagePlace): Asked | null;
}
