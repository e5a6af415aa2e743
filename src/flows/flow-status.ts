import type { FlowRunStatus } from "./store.ts";
import type { FlowTree } from "./tree.ts";

/** How a flow run stands: `waiting` when nothing can go on before somebody does something. */
export declare function flowStatusOf(tree: FlowTree): FlowRunStatus;
