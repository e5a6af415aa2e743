import type { TaskKey } from "./task.ts";

/** The run id of an agent step: `<flowRun>.<step>.<iteration>.<attempt>`, at most 128 characters. */
export declare function agentRunIdOf(flowRunId: string, key: TaskKey, attempt: number): string;
