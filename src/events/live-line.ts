import type { RunEvent, Sink } from "./event.ts";
import { describeWait } from "./wording.ts";

/** What the live line shows about limits, in milliseconds. */
export interface LiveLimits {
  readonly timeoutMs: number;
}

/** Where the live line is drawn. */
export interface LiveScreen {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly nowMs: () => number;
}

const INTERVAL_MS = 250;

/** One line on a terminal while a run goes on: phase, attempt, elapsed, time left. Gone at the end. */
export class LiveLine implements Sink {
  readonly #screen: LiveScreen;
  readonly #limits: LiveLimits;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs: number;
  #event: RunEvent | null = null;
  #runId: string | null = null;
  #attemptsInAll = 1;
  #admittedAtMs: number | null = null;
  #agent = "";

  constructor(screen: LiveScreen, limits: LiveLimits) {
    this.#screen = screen;
    this.#limits = limits;
    this.#startedAtMs = screen.nowMs();
    this.#timer = setInterval(() => this.#draw(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Runs that this one has others do on its way, such as asking a foreman, have no line of their own. */
  record(event: RunEvent): void {
    this.#runId ??= event.runId;
    if (event.runId !== this.#runId) return;
    if (event.type === "run_created") {
      this.#agent = event.agent;
      this.#attemptsInAll = event.attemptsInAll;
    }
    if (event.type === "attempt_admitted") this.#admittedAtMs = this.#screen.nowMs();
    if (event.type === "attempt_started") {
      this.#admittedAtMs = null;
      this.#attemptsInAll = Math.max(this.#attemptsInAll, event.attempt);
    }
    // Between attempts no time runs.
    if (event.type === "handoff_accepted" || event.type === "attempt_failed")
      this.#admittedAtMs = null;
    this.#event = event;
    this.#draw();
  }

  /** Removes the line. */
  close(): void {
    clearInterval(this.#timer);
    this.#screen.write("\r\u001B[2K");
  }

  #draw(): void {
    if (this.#event === null) return;
    const elapsed = this.#screen.nowMs() - this.#startedAtMs;
    const left =
      this.#admittedAtMs === null
        ? null
        : this.#admittedAtMs + this.#limits.timeoutMs - this.#screen.nowMs();
    const line = describeWait({
      agent: this.#agent,
      event: this.#event,
      attemptsInAll: this.#attemptsInAll,
      elapsedMs: elapsed,
      leftMs: left,
    });
    const columns = Math.max(10, this.#screen.columns() - 1);
    this.#screen.write(
      `\r\u001B[2K${line.length > columns ? `${line.slice(0, columns - 1)}…` : line}`,
    );
  }
}
