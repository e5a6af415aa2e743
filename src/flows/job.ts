import type { FlowRequest } from "./flow-run.ts";
import type { TaskKey } from "./task.ts";
import type { TaskNode } from "./tree.ts";
import type { Job } from "./work.ts";

/** What a worker is given to carry out a task that it has claimed; null when it is not running. */
export declare function jobOf(request: FlowRequest, key: TaskKey, node: TaskNode): Job | null;
