import type { RunEvent } from "../events/event.ts";

/** Whether a process drives the run, nobody does, or its folder is no longer there. */
export type RunLife = "driven" | "undriven" | "gone";

/** The same, and whether the agent has handed over what nobody is there to take. */
export type Attended = RunLife | "handed_over";

/** How to look at a run now. */
export interface RunLooks {
  readonly lifeOf: () => RunLife;
  /** Asked only while nobody drives the run. */
  readonly isHandedOver: () => boolean;
}

/** Between looks whether somebody still drives a run. */
const LOOK_INTERVAL_MS = 1_000;

/** A folder that is away at two looks is not just being moved. */
const LOOKS_UNTIL_GONE = 2;

/** Whether a run that is followed is still driven by somebody, from its events and from looks at its process. */
export class Attendance {
  readonly #looks: RunLooks;
  readonly #nowMs: () => number;
  #hasLeft = false;
  #isThere = true;
  #isHandedOver = false;
  #looksGone = 0;
  #lookedAtMs: number;

  constructor(looks: RunLooks, nowMs: () => number) {
    this.#looks = looks;
    this.#nowMs = nowMs;
    this.#lookedAtMs = nowMs() - LOOK_INTERVAL_MS;
  }

  /** What the run's events say of its drivers. */
  note(event: RunEvent): void {
    if (event.type === "driver_left") this.#hasLeft = true;
    if (event.type !== "driver_took_over") return;
    this.#hasLeft = false;
    this.#isThere = true;
    this.#isHandedOver = false;
  }

  /** How it is now; process and files are looked at now and then only. */
  get now(): Attended {
    if (this.#nowMs() - this.#lookedAtMs >= LOOK_INTERVAL_MS) this.#look();
    if (this.#looksGone >= LOOKS_UNTIL_GONE) return "gone";
    if (this.#isDriven) return "driven";
    return this.#isHandedOver ? "handed_over" : "undriven";
  }

  get #isDriven(): boolean {
    return this.#isThere && !this.#hasLeft;
  }

  #look(): void {
    this.#lookedAtMs = this.#nowMs();
    const life = this.#looks.lifeOf();
    this.#looksGone = life === "gone" ? this.#looksGone + 1 : 0;
    if (life !== "gone") this.#isThere = life === "driven";
    // What was handed over stays so until somebody takes the run over.
    if (!this.#isDriven) this.#isHandedOver ||= this.#looks.isHandedOver();
  }
}
