import type { Failure } from "../../failure.ts";
import type { WorkEnd } from "../store.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** How long things may take before a worker stops, in milliseconds. */
export interface Patience {
  /** For trouble with the store, while nothing is carried out. */
  readonly patienceMs: number;
  /** Trouble that is over sooner is nobody's concern. */
  readonly warnAfterMs: number;
  /** For jobs to stop. */
  readonly leaveMs: number;
}

/** Whether, why and until when at the latest a worker leaves, and what keeps it from its work. */
export class Departure {
  readonly #patience: Patience;
  #because: WorkEnd | null = null;
  #broken: Failure | null = null;
  #byMs = Number.POSITIVE_INFINITY;
  #trouble: { readonly sinceMs: number; isTold: boolean } | null = null;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /** Why it leaves in good order, or null. */
  get because(): WorkEnd | null {
    return this.#because;
  }

  /** Why it can't go on, or null. */
  get broken(): Failure | null {
    return this.#broken;
  }

  /** When it goes, whatever still runs. */
  get byMs(): number {
    return this.#byMs;
  }

  get isInTrouble(): boolean {
    return this.#trouble !== null;
  }

  /** False when it is leaving already. */
  leave(because: WorkEnd, nowMs: number): boolean {
    if (this.#because !== null || this.#broken !== null) return false;
    this.#because = because;
    this.#byMs = nowMs + this.#patience.leaveMs;
    return true;
  }

  /** It can't go on. */
  break(reason: Failure, nowMs: number): void {
    this.#broken ??= reason;
    this.#byMs = Math.min(this.#byMs, nowMs + this.#patience.leaveMs);
  }

  trouble(
    trouble: StoreTrouble,
    areJobsRunning: boolean,
    nowMs: number,
  ): "wait" | "warn" | "break" {
    this.#trouble ??= { sinceMs: nowMs, isTold: false };
    const lastsMs = nowMs - this.#trouble.sinceMs;
    // As long as something is carried out, its end is worth waiting for.
    const isOverdue = !areJobsRunning && lastsMs >= this.#patience.patienceMs;
    if (!trouble.isPassing || isOverdue) return "break";
    if (this.#trouble.isTold || lastsMs < this.#patience.warnAfterMs) return "wait";
    this.#trouble.isTold = true;
    return "warn";
  }

  troubleIsOver(): void {
    this.#trouble = null;
  }
}
