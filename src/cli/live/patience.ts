import type { Clock } from "../../clock.ts";
import type { RunReader } from "../../follow/run-reader.ts";
import { Leave } from "../../run/leave.ts";
import type { WaitLimits } from "./leave-time.ts";
import { leaveAtMs } from "./leave-time.ts";

/** Between two looks for signs of life. */
const LOOK_INTERVAL_MS = 250;

/** How long this process waits for a run that goes on without it. */
export class Patience {
  readonly #limits: WaitLimits;
  readonly #reader: RunReader | null;
  readonly #clock: Clock;
  readonly #beganAtMs: number;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  /** The reader is null when there is no such run. */
  constructor(limits: WaitLimits, reader: RunReader | null, clock: Clock) {
    this.#limits = limits;
    this.#reader = reader;
    this.#clock = clock;
    this.#beganAtMs = clock.nowMs();
    if (this.isLimited) this.#look();
  }

  /** Fires when it is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether it can come to an end. */
  get isLimited(): boolean {
    return Object.values(this.#limits).some((limit) => limit !== null);
  }

  /** When it is over, as things stand; null for never. */
  readonly leavesAtMs = (): number | null =>
    leaveAtMs(this.#limits, this.#reader?.read() ?? null, this.#beganAtMs);

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#reader?.close();
  }

  #look(): void {
    const leavesAt = this.leavesAtMs();
    const leftMs = leavesAt === null ? Infinity : leavesAt - this.#clock.nowMs();
    if (leftMs <= 0) this.#over.abort(new Leave("wait_over"));
    else {
      const restMs = Math.min(leftMs, LOOK_INTERVAL_MS);
      this.#timer = setTimeout(() => this.#look(), restMs);
    }
  }
}
