import type { Failure } from "../../failure.ts";

/** Why a store can't be used, and whether it may be in a moment. */
export interface StoreTrouble {
  readonly failure: Failure;
  readonly isPassing: boolean;
}
