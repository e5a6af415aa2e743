import type { FlowChange } from "./change.ts";
import type { TaskKey } from "./task.ts";
import type { FlowTree } from "./tree.ts";

/**
 * What becomes of a running task whose worker is gone (its lease has ended): ready again as the same attempt, or, when
 * its step says `recovery: ask`, undecided. For `advance`.
 */
export declare function recoverTask(tree: FlowTree, key: TaskKey): readonly FlowChange[];
