import type { TaskState } from "./task.ts";

type Begun = Extract<TaskState, { status: "ready" | "running" }>;

/** What of a task goes on when another worker takes it up. */
export function executionOf({ attempt, lastAttempt, work, decision, takeovers }: Begun) {
  const execution = { attempt, lastAttempt, work, decision };
  return takeovers === undefined ? execution : { ...execution, takeovers };
}
