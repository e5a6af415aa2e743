/** How attempts follow each other. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** What is known when an attempt has failed. */
export interface RetryFacts {
  readonly attempt: number;
  readonly isRetryable: boolean;
  /** Milliseconds the gateway asked to wait, or null. */
  readonly retryAfterMs: number | null;
  readonly nowMs: number;
  /** When the whole run must be over, or null. */
  readonly deadlineAtMs: number | null;
  /** A random number from 0 up to 1, for the jitter. */
  readonly random: number;
}

export type RetryDecision =
  | { readonly kind: "again"; readonly atMs: number }
  | {
      readonly kind: "give_up";
      readonly because: "not_retryable" | "attempts_used_up" | "deadline";
    };

/** Again at a certain instant, or give up because. */
export function decideRetry(facts: RetryFacts, policy: RetryPolicy): RetryDecision {
  if (!facts.isRetryable) return { kind: "give_up", because: "not_retryable" };
  if (facts.attempt >= policy.attempts) return { kind: "give_up", because: "attempts_used_up" };
  const atMs =
    facts.nowMs +
    (facts.retryAfterMs ?? computeBackoffDelayMs(facts.attempt, policy, facts.random));
  return facts.deadlineAtMs !== null && atMs >= facts.deadlineAtMs
    ? { kind: "give_up", because: "deadline" }
    : { kind: "again", atMs };
}

/** Milliseconds to rest after the given attempt: doubled each time, capped, then 50 to 100 % of it. */
export function computeBackoffDelayMs(
  attempt: number,
  { baseMs, maxMs }: RetryPolicy,
  random: number,
): number {
  const full = Math.min(baseMs * 2 ** (attempt - 1), maxMs);
  return Math.round(full * (0.5 + random / 2));
}
