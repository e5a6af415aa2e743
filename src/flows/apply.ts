import type { FlowChange } from "./change.ts";
import type { FlowTree } from "./tree.ts";

/** The tree after these changes; takes as long as they are many, however large the tree is. */
export declare function applyChanges(tree: FlowTree, changes: readonly FlowChange[]): FlowTree;
