import type { TaskKey } from "../../task.ts";
import type { StepEnd } from "../../work.ts";

/** One carrying out of a task: whoever takes the task up again makes another one. */
export interface Execution {
  readonly flowRunId: string;
  readonly key: TaskKey;
  /** Counts the executions of the task. */
  readonly number: number;
}

/** An execution whose worker is gone. */
export interface RecoveredExecution {
  readonly execution: Execution;
  /** How it ended, if that was kept; null when nobody knows. */
  readonly end: StepEnd | null;
}

/** Under which it is kept by DBOS. */
export function executionId({ flowRunId, key, number }: Execution): string {
  return `${flowRunId}/${key}#${number}`;
}
