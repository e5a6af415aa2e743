import type { Flow, Step } from "./flow.ts";
import type { TaskKey } from "./task.ts";
import type { FlowTree, TaskNode } from "./tree.ts";

/** The step that a task key names, or null. */
export declare function stepAt(flow: Flow, key: TaskKey): Step | null;
/** The task that a key names, with everything inside it, or null when it has not begun. */
export declare function taskAt(tree: FlowTree, key: TaskKey): TaskNode | null;
