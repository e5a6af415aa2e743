import { describeConnectionError } from "../gateway/connection-words.ts";
import type { Secret } from "../secret.ts";
import type { DiscordReply, DiscordTrouble } from "./reply.ts";
import { sendRequest, TroubleError } from "./request.ts";

/** Where and how Discord is asked. */
export interface ClientPlan {
  readonly token: Secret;
  /** Such as `https://discord.com/api`, without the version. */
  readonly apiRoot: string;
  /** Milliseconds for all questions together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Library = typeof import("@discordjs/rest");

/** The version of Discord's API that the questions are made for. */
const API_VERSION = "10";

/** How often Discord may ask to wait before that is taken for an answer. */
const MAX_RATE_LIMITS = 5;

/** Asks Discord's REST API, all questions within one bounded time; rate limits are waited for as far as it lasts. */
export class DiscordClient {
  readonly #plan: ClientPlan;
  readonly #library: Library;
  readonly #rest: InstanceType<Library["REST"]>;
  readonly #deadline: AbortSignal;
  readonly #signal: AbortSignal;
  readonly #givenUp: Promise<never>;
  readonly #endsAtMs: number;
  #rateLimits = 0;

  private constructor(plan: ClientPlan, library: Library) {
    this.#plan = plan;
    this.#library = library;
    this.#endsAtMs = performance.now() + plan.timeoutMs;
    this.#deadline = AbortSignal.timeout(plan.timeoutMs);
    this.#signal = AbortSignal.any([plan.signal, this.#deadline]);
    this.#givenUp = rejectWhenAborted(this.#signal);
    this.#rest = new library.REST({
      api: plan.apiRoot,
      version: API_VERSION,
      timeout: plan.timeoutMs,
      retries: 2,
      hashSweepInterval: 0,
      handlerSweepInterval: 0,
      rejectOnRateLimit: ({ retryAfter }) => retryAfter >= this.#msLeft(),
      makeRequest: (url) => this.#send(url),
    });
  }

  /** The library is loaded only now: most runs need no Discord. */
  static async open(plan: ClientPlan): Promise<DiscordClient> {
    return new DiscordClient(plan, await import("@discordjs/rest"));
  }

  /** Asks for one resource. */
  async get(
    path: `/${string}`,
    query: Readonly<Record<string, string>> = {},
  ): Promise<DiscordReply> {
    try {
      const body = this.#rest.get(path, {
        query: new URLSearchParams(query),
        signal: this.#signal,
        auth: false,
      });
      // The library does not hear the signal while it waits for a rate limit.
      return { kind: "answered", body: await Promise.race([body, this.#givenUp]) };
    } catch (error) {
      return this.#troubleOf(error);
    }
  }

  /** Sets the headers itself: the library's are typed for another client. */
  async #send(url: string): Promise<Response> {
    const response = await sendRequest({
      url,
      headers: {
        authorization: `Bot ${this.#plan.token.reveal()}`,
        "user-agent": this.#library.DefaultUserAgent,
      },
      signal: this.#signal,
      msLeft: this.#msLeft(),
    });
    if (response.status === 429 && ++this.#rateLimits > MAX_RATE_LIMITS) {
      throw new TroubleError({ kind: "rate_limited", retryAfterMs: null });
    }
    return response;
  }

  #msLeft(): number {
    return this.#endsAtMs - performance.now();
  }

  #troubleOf(error: unknown): DiscordTrouble {
    const { token, signal, timeoutMs } = this.#plan;
    if (signal.aborted) return { kind: "interrupted" };
    if (error instanceof TroubleError) return redact(error.trouble, token);
    if (error instanceof this.#library.RateLimitError) {
      return { kind: "rate_limited", retryAfterMs: error.retryAfter };
    }
    if (error instanceof this.#library.HTTPError) {
      return { kind: "sick", httpStatus: error.status };
    }
    if (this.#deadline.aborted) return { kind: "too_late", timeoutMs };
    return { kind: "not_reached", reason: token.redact(describeConnectionError(error)) };
  }
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => reject(new Error("given up"));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
  // It may fire when nobody asks any more.
  aborted.catch(() => {});
  return aborted;
}

function redact(trouble: DiscordTrouble, token: Secret): DiscordTrouble {
  return "reason" in trouble ? { ...trouble, reason: token.redact(trouble.reason) } : trouble;
}
