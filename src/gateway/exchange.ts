import { describeConnectionError } from "./connection-words.ts";
import type { HttpAnswer } from "./hook.ts";

/** What became of one HTTP request. */
export type Exchange =
  | { readonly kind: "answered"; readonly answer: HttpAnswer }
  /** The request never left: no connection. */
  | { readonly kind: "not_reached"; readonly reason: string }
  /** The request left, and its connection ended without a whole answer: the other side may have acted on it. */
  | { readonly kind: "broken"; readonly reason: string }
  /** The request left, and its time was over before there was a whole answer: the other side may act on it yet. */
  | { readonly kind: "unanswered"; readonly reason: string };

/** How long an answer is waited for, and who hears what became of it. */
export interface Collection {
  /** Milliseconds for the whole exchange; null waits for ever. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal | null;
  readonly settle: (exchange: Exchange) => void;
}

/** As much of a request under way as is needed to end it. */
interface RequestControl {
  abort(reason: Error): void;
}

const MAX_ANSWER_BYTES = 65_536;

/** Gathers one answer, bounded in size, and tells a request that never left from one that may have arrived. */
export class AnswerCollector {
  readonly #collection: Collection;
  readonly #chunks: Buffer[] = [];
  readonly #onAbort = (): void => this.#giveUp({ kind: "broken", reason: "given up" });
  #timer: NodeJS.Timeout | null = null;
  #control: RequestControl | null = null;
  #bytes = 0;
  #head: Omit<HttpAnswer, "body"> | null = null;
  #whyGivenUp: Exclude<Exchange, { kind: "answered" }> | null = null;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  /** Gives the request up when its time is over or the signal fires, also while it still waits for its connection. */
  watchTime(): void {
    const { signal, timeoutMs } = this.#collection;
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs !== null)
      this.#timer = setTimeout(() => this.#runOutOfTime(timeoutMs), timeoutMs).unref();
  }

  onRequestStart(control: RequestControl): void {
    this.#control = control;
    if (this.#whyGivenUp !== null) control.abort(new Error(this.#whyGivenUp.reason));
  }

  onResponseStart(
    _control: RequestControl,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const retryAfter = headers["retry-after"];
    this.#head = {
      status,
      contentType: String(headers["content-type"] ?? ""),
      retryAfter: typeof retryAfter === "string" ? retryAfter : null,
    };
  }

  onResponseData(_control: RequestControl, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MAX_ANSWER_BYTES) this.#chunks.push(chunk);
    else this.#finish();
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_control: RequestControl, error: Error): void {
    const reason = describeConnectionError(error);
    if (this.#control === null) this.#settle({ kind: "not_reached", reason });
    else this.#settle(this.#whyGivenUp ?? { kind: "broken", reason });
  }

  #finish(): void {
    if (this.#head === null) return;
    this.#settle({
      kind: "answered",
      answer: { ...this.#head, body: Buffer.concat(this.#chunks).toString("utf8") },
    });
  }

  #runOutOfTime(timeoutMs: number): void {
    const what = this.#head === null ? "no answer" : "no whole answer";
    this.#giveUp({
      kind: "unanswered",
      reason: `${what} within ${Math.round(timeoutMs / 100) / 10} s`,
    });
  }

  #giveUp(why: Exclude<Exchange, { kind: "answered" }>): void {
    this.#whyGivenUp ??= why;
    if (this.#control === null) this.#settle({ kind: "not_reached", reason: why.reason });
    else this.#control.abort(new Error(why.reason));
  }

  #settle(exchange: Exchange): void {
    const { signal, settle } = this.#collection;
    signal?.removeEventListener("abort", this.#onAbort);
    if (this.#timer !== null) clearTimeout(this.#timer);
    settle(exchange);
  }
}
