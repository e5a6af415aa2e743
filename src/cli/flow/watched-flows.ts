import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import type { FlowEvent } from "../../flows/event.ts";
import type { FlowStore } from "../../flows/store.ts";
import { applyToView, unseenFlow } from "../../flows/view/view.ts";
import type { WatchedFlow } from "../../flows/watch/picture.ts";

/** A flow run as it has become, and what has happened in it since the last time. */
export interface SeenFlow extends WatchedFlow {
  readonly events: readonly FlowEvent[];
}

/** Several flow runs, each until its end. */
export class WatchedFlows {
  readonly #store: FlowStore;
  readonly #flows = new Map<string, WatchedFlow>();

  constructor(store: FlowStore) {
    this.#store = store;
  }

  /** Those that have not ended, in the order in which they were added. */
  get flows(): readonly WatchedFlow[] {
    return [...this.#flows.values()];
  }

  /** Watches one more; false when there is no such flow run. */
  async add(flowRunId: string): Promise<Result<boolean>> {
    if (this.#flows.has(flowRunId)) return success(true);
    const state = await this.#store.read(flowRunId);
    if (!state.ok) return state;
    if (state.value === null) return success(false);
    const { flow } = state.value.request;
    this.#flows.set(flowRunId, { flowRunId, flow, view: unseenFlow });
    return success(true);
  }

  /** What has changed since the last time; those that have ended are watched no longer. */
  async read(): Promise<Result<readonly SeenFlow[]>> {
    const seen: SeenFlow[] = [];
    for (const watched of this.flows) {
      const events = await this.#store.events(watched.flowRunId, watched.view.lastSeq);
      if (!events.ok) return events;
      if (events.value.length === 0) continue;
      const now = { ...watched, view: applyToView(watched.view, events.value) };
      if (now.view.end === null) this.#flows.set(watched.flowRunId, now);
      else this.#flows.delete(watched.flowRunId);
      seen.push({ ...now, events: events.value });
    }
    return success(seen);
  }
}
