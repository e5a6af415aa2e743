import type { RunEvent } from "../events/event.ts";

/** Whether a process drives the run, nobody does, or its folder is no longer there. */
export type RunLife = "driven" | "undriven" | "gone";

/** Between looks whether somebody still drives a run. */
const LOOK_INTERVAL_MS = 1_000;

/** A folder that is away at two looks is not just being moved. */
const LOOKS_UNTIL_GONE = 2;

/** Whether a run that is followed is still driven by somebody, from its events and from looks at its process. */
export class Attendance {
  readonly #look: () => RunLife;
  readonly #nowMs: () => number;
  #hasLeft = false;
  #isThere = true;
  #looksGone = 0;
  #lookedAtMs: number;

  constructor(look: () => RunLife, nowMs: () => number) {
    this.#look = look;
    this.#nowMs = nowMs;
    this.#lookedAtMs = nowMs() - LOOK_INTERVAL_MS;
  }

  /** What the run's events say of its drivers. */
  note(event: RunEvent): void {
    if (event.type === "driver_left") this.#hasLeft = true;
    if (event.type !== "driver_took_over") return;
    this.#hasLeft = false;
    this.#isThere = true;
  }

  /** How it is now; the process is looked at now and then only. */
  get life(): RunLife {
    if (this.#nowMs() - this.#lookedAtMs >= LOOK_INTERVAL_MS) {
      this.#lookedAtMs = this.#nowMs();
      const life = this.#look();
      this.#looksGone = life === "gone" ? this.#looksGone + 1 : 0;
      if (life !== "gone") this.#isThere = life === "driven";
    }
    if (this.#looksGone >= LOOKS_UNTIL_GONE) return "gone";
    return this.#hasLeft || !this.#isThere ? "undriven" : "driven";
  }
}
