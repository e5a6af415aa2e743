import type { Clock } from "../../clock.ts";
import type { Config } from "../../config/config.ts";
import type { Sink } from "../../events/event.ts";
import { runPaths } from "../../handoff/paths.ts";
import { readState } from "../../run/history.ts";
import { Leave } from "../../run/leave.ts";
import { readRequest } from "../../run/run-folder.ts";
import type { RunState } from "../../run/decide/state.ts";

/** How long a watcher stays with its run: until the run's end, and not for ever while nobody answers. */
export class Stay implements Sink {
  readonly #runId: string;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(runId: string, config: Config, clock: Clock) {
    this.#runId = runId;
    this.#config = config;
    this.#clock = clock;
    const hours = config.telegram?.waitHours ?? 0;
    this.#timer = setTimeout(() => this.#look(), hours * 3_600_000);
  }

  get sinks(): readonly Sink[] {
    return [this];
  }

  /** Fires when nobody has answered for too long. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether the run had ended before this process came. */
  get isRunOver(): boolean {
    return this.#stateNow()?.phase === "ended";
  }

  record(): void {
    this.#timer.refresh();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** An agent at work has a time limit of its own. */
  #look(): void {
    if (this.#stateNow()?.phase === "asking") this.#over.abort(new Leave("wait_over"));
    else this.#timer.refresh();
  }

  #stateNow(): RunState | null {
    const paths = runPaths(this.#config.handoffDir, this.#runId);
    const request = readRequest(paths);
    if (!request.ok || request.value === null) return null;
    return readState(paths, request.value, this.#clock.nowMs());
  }
}
