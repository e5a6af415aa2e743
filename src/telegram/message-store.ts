import { readDocument } from "../system/read-document.ts";
import type { ChatId } from "./settings.ts";
import { writeWhole } from "../system/write-whole.ts";

/** A message that asks, by the key under which it is kept. */
export interface KeptQuestion {
  readonly questionId: string;
  readonly key: string;
  /** The number of the event because of which it asks. */
  readonly seq: number;
  /** The chat to which it was sent. */
  readonly chatId: ChatId;
}

/** What is remembered of a run's messages, so that whoever watches it next goes on with the same ones. */
export interface KeptMessages {
  readonly schema: "delegate.telegram.v1";
  readonly chatId: ChatId;
  readonly threadId: number | null;
  /** The status message, or null when there is none. */
  readonly messageId: number | null;
  /** The number of the event whose ending has been told; 0 when none has. */
  readonly toldSeq: number;
  /** The number of the latest event because of which people were asked; 0 when none was. */
  readonly askedSeq: number;
  /** The messages that ask and are not closed yet. */
  readonly questions: readonly KeptQuestion[];
}

/** What is remembered of a run of which nothing was sent yet. */
export function newKeptMessages(chatId: ChatId, threadId: number | null): KeptMessages {
  return {
    schema: "delegate.telegram.v1",
    chatId,
    threadId,
    messageId: null,
    toldSeq: 0,
    askedSeq: 0,
    questions: [],
  };
}

/** Where one run's messages are remembered. */
export interface MessageStore {
  load(): KeptMessages | null;
  save(kept: KeptMessages): void;
}

/** Remembers a run's messages in its folder. */
export class MessageFile implements MessageStore {
  readonly #path: string;

  constructor(runFolder: string) {
    this.#path = `${runFolder}/telegram.json`;
  }

  load(): KeptMessages | null {
    return readDocument<KeptMessages>(this.#path, "delegate.telegram.v1");
  }

  save(kept: KeptMessages): void {
    writeWhole(this.#path, kept);
  }
}
