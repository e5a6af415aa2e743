import type { StoredEvent } from "./stored-event.ts";

/** More runs than this are hardly in one view; the name of another is looked up again. */
const MOST_NAMES = 2_000;

/** Which agent a run is for: only a run's first event says so. */
export class AgentNames {
  readonly #lookUp: (runId: string) => string | null;
  readonly #names = new Map<string, string | null>();

  constructor(lookUp: (runId: string) => string | null) {
    this.#lookUp = lookUp;
  }

  /** The agent of the run to which this event belongs; null when that can't be known any more. */
  nameFor({ runId, event }: StoredEvent): string | null {
    if (event?.type === "run_created") return this.#remember(runId, event.agent);
    const known = this.#names.get(runId);
    return known === undefined ? this.#remember(runId, this.#lookUp(runId)) : known;
  }

  #remember(runId: string, name: string | null): string | null {
    const oldest = this.#names.size < MOST_NAMES ? undefined : this.#names.keys().next().value;
    if (oldest !== undefined) this.#names.delete(oldest);
    this.#names.set(runId, name);
    return name;
  }
}
