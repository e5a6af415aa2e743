import { remindersFor, usualAddresses } from "../address.ts";
import type { Address, Places } from "../address.ts";
import type { KeptQuestion } from "../message-store.ts";
import type { AskPost, Post } from "../post.ts";
import type { QuestionEnd } from "../question-end.ts";
import type { Ledger } from "../question-ledger.ts";

/** What a ledger of steps needs. */
export interface StepLedgerTools {
  readonly places: Places;
  /** Hexadecimal, at most 32 digits, and never the same. */
  readonly newKey: () => string;
}

/** For what people are wanted now, and how all else has come to its end. */
export interface WantedNow {
  readonly asks: readonly {
    readonly id: string;
    /** Who is next in line for it; null when it is asked for the first time. */
    readonly to: string | null;
  }[];
  readonly seq: number;
  readonly endOf: (id: string) => QuestionEnd;
}

/**
 * Knows of a flow run for which of its steps people were asked by which message. It goes by what is wanted now, so that
 * whoever takes over needs no history.
 */
export class StepLedger implements Ledger {
  readonly #tools: StepLedgerTools;
  #asked: readonly KeptQuestion[] = [];
  #wanted: WantedNow = { asks: [], seq: 0, endOf: () => ({ kind: "not_needed" }) };
  /** What waits to be asked, or was, by id and chat. */
  readonly #begun = new Set<string>();
  /** The keys of the messages that are about to be closed. */
  readonly #closing = new Set<string>();

  constructor(tools: StepLedgerTools) {
    this.#tools = tools;
  }

  get asked(): readonly KeptQuestion[] {
    return this.#asked;
  }

  get askedSeq(): number {
    return this.#wanted.seq;
  }

  recall(asked: readonly KeptQuestion[]): void {
    this.#asked = asked;
  }

  /** What has to be said because of what is wanted now. */
  follow(wanted: WantedNow): readonly Post[] {
    this.#wanted = wanted;
    const ids = new Set(wanted.asks.map(({ id }) => id));
    for (const begun of this.#begun)
      if (!ids.has(begun.slice(begun.indexOf(" ") + 1))) this.#begun.delete(begun);
    const asks = wanted.asks.flatMap(({ id, to }) =>
      this.#addressesFor(to).flatMap((address) => this.#ask(id, address) ?? []),
    );
    const gone = this.#asked.filter(({ questionId }) => !ids.has(questionId));
    return [...asks, ...gone.flatMap((asked) => this.#close(asked))];
  }

  endOf(id: string): QuestionEnd | null {
    return this.#wanted.asks.some((ask) => ask.id === id) ? null : this.#wanted.endOf(id);
  }

  noteAsked(_post: AskPost, asked: KeptQuestion | null): readonly Post[] {
    if (asked === null) return [];
    this.#asked = [...this.#asked, asked];
    return this.endOf(asked.questionId) === null ? [] : this.#close(asked);
  }

  noteClosed(key: string): void {
    this.#closing.delete(key);
    this.#asked = this.#asked.filter((one) => one.key !== key);
  }

  #addressesFor(to: string | null): readonly Address[] {
    const { places } = this.#tools;
    return to === null ? usualAddresses(places) : remindersFor(to, places);
  }

  #ask(questionId: string, address: Address): AskPost | null {
    const { chatId } = address;
    const place = `${chatId} ${questionId}`;
    const isAsked = this.#asked.some(
      (one) =>
        one.questionId === questionId && one.chatId === chatId && !this.#closing.has(one.key),
    );
    if (isAsked || this.#begun.has(place)) return null;
    this.#begun.add(place);
    const { seq } = this.#wanted;
    return { kind: "ask", questionId, seq, key: this.#tools.newKey(), address, note: null };
  }

  #close({ key, questionId }: KeptQuestion): readonly Post[] {
    if (this.#closing.has(key)) return [];
    this.#closing.add(key);
    return [{ kind: "close_question", key, end: this.#wanted.endOf(questionId) }];
  }
}
