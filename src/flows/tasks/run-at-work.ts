import type { FlowRequest } from "../flow-run.ts";
import type { Task } from "../task.ts";
import { agentRunIdOf } from "./agent-run-id.ts";

/** The run of an agent that is at work for a task, and may ask something on the way; null when there is none. */
export function runAtWork(task: Task, { flow, flowRunId }: FlowRequest): string | null {
  if (task.status !== "running" || task.work.kind !== "agent") return null;
  return agentRunIdOf(flow, flowRunId, task.key, task.attempt);
}
