import { taskAt } from "../tree/place.ts";
import { agentRunIdOf } from "./agent-run-id.ts";
import { MOST_TAKEOVERS } from "./recover.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree } from "../tree/tree.ts";
import type { Job } from "../work.ts";

/** What a worker is given to carry out a task that it has claimed; null when it is not running. */
export function jobOf(tree: FlowTree, key: TaskKey): Job | null {
  const node = taskAt(tree, key);
  if (node?.state.status !== "running") return null;
  const { attempt, work, decision, takeovers = 0 } = node.state;
  const { flow, flowRunId, cwd, author, parentRunId } = tree.request;
  return {
    flowRunId,
    cwd,
    author,
    ...(parentRunId === undefined ? {} : { parentRunId }),
    key,
    stepId: node.step.id,
    attempt,
    runId: agentRunIdOf(flow, flowRunId, key, attempt),
    work,
    decision,
    ...(takeovers > MOST_TAKEOVERS ? { losses: takeovers } : {}),
  };
}
