import type { RunEvent } from "../events/event.ts";
import { runPaths } from "../handoff/paths.ts";
import { parseEvent } from "../run/stored/event-lines.ts";
import { findRunIdProblem } from "../run/plan.ts";
import type { RunRequest } from "../run/stored/request.ts";
import { readRequest } from "../run/stored/run-folder.ts";
import { applyHappening } from "../run/decide/apply-happening.ts";
import { newRunState } from "../run/decide/state.ts";
import type { RunState } from "../run/decide/state.ts";
import { Tail } from "./tail.ts";

type WorkEvent = RunEvent & { type: "agent_working" };

/** One run as its events tell it, whichever process writes them. */
export class RunReader {
  readonly request: RunRequest;
  readonly #tail: Tail;
  readonly #nowMs: () => number;
  readonly #hear: (event: RunEvent) => void;
  #state: RunState;
  #work: WorkEvent | null = null;
  #lastSeq = 0;

  private constructor(
    request: RunRequest,
    eventsPath: string,
    nowMs: () => number,
    hear: (event: RunEvent) => void,
  ) {
    this.request = request;
    this.#hear = hear;
    this.#tail = new Tail(eventsPath);
    this.#nowMs = nowMs;
    this.#state = newRunState(Math.min(Date.parse(request.createdAt), nowMs()));
  }

  /** Null when there is no such run, or none that can be read; `hear` is told of each event once. */
  static open(
    handoffDir: string,
    runId: string,
    nowMs: () => number,
    hear: (event: RunEvent) => void = () => undefined,
  ): RunReader | null {
    if (findRunIdProblem(runId) !== null) return null;
    const paths = runPaths(handoffDir, runId);
    const request = readRequest(paths);
    return request.ok && request.value !== null
      ? new RunReader(request.value, paths.events, nowMs, hear)
      : null;
  }

  /** Where the run stands now. */
  read(): RunState {
    for (let lines = this.#tail.read(); lines !== null; lines = this.#tail.read())
      for (const event of lines.map(parseEvent)) if (event !== null) this.#apply(event);
    return this.#state;
  }

  /** The same with an event that this process knows of; the disk on which it should be may be full. */
  note(event: RunEvent): RunState {
    this.read();
    this.#apply(event);
    return this.#state;
  }

  /** What the agent said last. */
  get work(): WorkEvent | null {
    return this.#work;
  }

  close(): void {
    this.#tail.close();
  }

  /** Nothing can have happened later than now, whatever the clock said to the process that wrote it. */
  #apply(event: RunEvent): void {
    if (event.seq <= this.#lastSeq) return;
    this.#lastSeq = event.seq;
    this.#state = applyHappening(this.#state, event, Math.min(Date.parse(event.at), this.#nowMs()));
    if (event.type === "agent_working") this.#work = event;
    this.#hear(event);
  }
}
