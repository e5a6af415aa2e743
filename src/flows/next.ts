import type { FlowChange } from "./change.ts";
import type { Evaluator } from "./evaluator.ts";
import type { FlowTree } from "./tree.ts";

/** Changes, in order, and the tree after all of them. */
export interface Advance {
  readonly changes: readonly FlowChange[];
  readonly tree: FlowTree;
}

/**
 * Makes these changes and everything that follows from them until something from outside is needed: steps begin, are
 * skipped or canceled, containers open and settle, the flow run ends. The answer holds the given changes too. Looks
 * only where something has changed. It is what a store calls for every end of a step, every signal and every recovery.
 */
export declare function advance(
  tree: FlowTree,
  changes: readonly FlowChange[],
  evaluator: Evaluator,
): Advance;

/**
 * Everything that follows from the state as it is, looking everywhere: for a flow run that has just been created.
 * After `advance` it finds nothing.
 */
export declare function next(tree: FlowTree, evaluator: Evaluator): Advance;
