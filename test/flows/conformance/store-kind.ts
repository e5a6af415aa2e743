import type { Result } from "../../../src/failure.ts";
import type { WorkerPace } from "../../../src/flows/store/worker-pace.ts";
import type { FlowStore } from "../../../src/flows/store.ts";

/** One of the ways to keep flow runs, for the suite that all of them pass. */
export interface StoreKind {
  readonly name: string;
  /** So many items of a list are a lot for it, and done in a test's time. */
  readonly manyItems: number;
  /** A new place in a folder, with nothing in it yet; what is returned can be told to other processes. */
  newPlace(folder: string): Promise<string>;
  /** Opens a place, which may be open elsewhere as well. */
  open(place: string, pace: WorkerPace): Promise<Result<FlowStore>>;
}
