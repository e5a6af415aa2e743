import type { RunEvent } from "../events/event.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import { addressesFor } from "./address.ts";
import type { Address, Places } from "./address.ts";
import type { KeptQuestion } from "./message-store.ts";
import type { AskPost, Post } from "./post.ts";
import type { QuestionEnd } from "./question-end.ts";

/** What a ledger needs. */
export interface LedgerTools {
  readonly rules: QuestionSettings;
  readonly places: Places;
  /** Hexadecimal, at most 32 digits, and never the same. */
  readonly newKey: () => string;
}

/** Knows which questions were put to people by which message. */
export interface Ledger {
  /** The messages that ask, and are not closed yet. */
  readonly asked: readonly KeptQuestion[];
  /** The number of the latest event because of which people were asked; 0 when none was. */
  readonly askedSeq: number;
  /** Goes on with the messages of an earlier process. */
  recall(asked: readonly KeptQuestion[], askedSeq: number): void;
  /** How a question was closed, or null while it is open. */
  endOf(questionId: string): QuestionEnd | null;
  /** People were asked, or could not be; a message whose question was closed meanwhile is closed at once. */
  noteAsked(post: AskPost, asked: KeptQuestion | null): readonly Post[];
  /** A message does not ask any more. */
  noteClosed(key: string): void;
}

/** Knows of a run's questions which were put to people by which message, and what has to be said because of an event. */
export class QuestionLedger implements Ledger {
  readonly #tools: LedgerTools;
  readonly #closed = new Map<string, QuestionEnd>();
  #isRunOver = false;
  #asked: readonly KeptQuestion[] = [];
  #askedSeq = 0;

  constructor(tools: LedgerTools) {
    this.#tools = tools;
  }

  get asked(): readonly KeptQuestion[] {
    return this.#asked;
  }

  get askedSeq(): number {
    return this.#askedSeq;
  }

  recall(asked: readonly KeptQuestion[], askedSeq: number): void {
    this.#asked = asked;
    this.#askedSeq = askedSeq;
  }

  /** What has to be said because of an event. */
  follow(event: RunEvent): readonly Post[] {
    switch (event.type) {
      case "question_answered": {
        const { answer: text, by, onProposalOf } = event;
        return this.#close(event.questionId, { kind: "answered", text, by, onProposalOf });
      }
      case "question_skipped":
        return this.#close(event.questionId, { kind: "skipped", by: event.by });
      case "run_ended":
        this.#isRunOver = true;
        return this.#asked.map(({ questionId, key }) => ({
          kind: "close_question",
          key,
          end: this.endOf(questionId) ?? { kind: "run_over" },
        }));
      default:
        return this.#ask(event);
    }
  }

  endOf(questionId: string): QuestionEnd | null {
    return this.#closed.get(questionId) ?? (this.#isRunOver ? { kind: "run_over" } : null);
  }

  noteAsked({ seq }: AskPost, asked: KeptQuestion | null): readonly Post[] {
    this.#askedSeq = Math.max(this.#askedSeq, seq);
    if (asked === null) return [];
    this.#asked = [...this.#asked, asked];
    const end = this.endOf(asked.questionId);
    return end === null ? [] : [{ kind: "close_question", key: asked.key, end }];
  }

  noteClosed(key: string): void {
    this.#asked = this.#asked.filter((one) => one.key !== key);
  }

  #ask(event: RunEvent): readonly Post[] {
    const posts = addressesFor(event, this.#tools.rules, this.#tools.places)
      .filter((address) => !this.#isAskedFor(event, address))
      .flatMap((address) => this.#askPost(event, address) ?? []);
    if (event.type === "question_escalated" || posts.length === 0) return posts;
    return [...posts, ...this.#closeOlder(posts)];
  }

  #askPost(event: RunEvent, address: Address): AskPost | null {
    if (!("questionId" in event)) return null;
    const note =
      event.type === "question_referred" ? `${event.by} could not answer: ${event.reason}` : null;
    const { questionId, seq } = event;
    return { kind: "ask", questionId, seq, key: this.#tools.newKey(), address, note };
  }

  #isAskedFor({ seq }: RunEvent, { chatId }: Address): boolean {
    if (seq !== this.#askedSeq) return seq < this.#askedSeq;
    return this.#asked.some((one) => one.seq === seq && one.chatId === chatId);
  }

  #close(questionId: string, end: QuestionEnd): readonly Post[] {
    this.#closed.set(questionId, end);
    return this.#asked
      .filter((one) => one.questionId === questionId)
      .map(({ key }) => ({ kind: "close_question", key, end }));
  }

  /** A button below an older message would approve what is proposed no more. */
  #closeOlder(posts: readonly AskPost[]): readonly Post[] {
    const ids = new Set(posts.map(({ questionId }) => questionId));
    return this.#asked
      .filter(({ questionId }) => ids.has(questionId))
      .map(({ key }) => ({ kind: "close_question", key, end: { kind: "asked_anew" } }));
  }
}

/** The posts that wait, with further ones; what was not asked yet in a chat is asked there only in its newest form. */
export function enqueuePosts(waiting: readonly Post[], more: readonly Post[]): readonly Post[] {
  return more.reduce<readonly Post[]>(
    (posts, post) =>
      post.kind === "ask"
        ? [...posts.filter((one) => !isOutdone(one, post)), post]
        : [...posts, post],
    waiting,
  );
}

function isOutdone(post: Post, by: AskPost): boolean {
  return (
    post.kind === "ask" &&
    post.questionId === by.questionId &&
    post.address.chatId === by.address.chatId
  );
}
