import type { Flow } from "./flow.ts";
import type { TaskKey } from "./task.ts";

/**
 * The run id of an agent step: `<flowRun>.<step>.<iteration>.<attempt>`, at most 128 characters. A worker gets it as
 * `job.runId`.
 */
export declare function agentRunIdOf(
  flow: Flow,
  flowRunId: string,
  key: TaskKey,
  attempt: number,
): string;
