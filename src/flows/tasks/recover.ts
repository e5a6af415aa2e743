import { agentRunIdOf } from "./agent-run-id.ts";
import { usageOf } from "./budget.ts";
import { released } from "./claim.ts";
import { isContainer } from "../inside.ts";
import { taskAt } from "../tree/place.ts";
import { alone } from "./settle.ts";
import type { Settled } from "./settle.ts";
import { agentMayBeAtWork, workerLost } from "../step-failure.ts";
import { changeTo } from "../tree/task-change.ts";
import type { TaskKey, TaskState } from "../task.ts";
import type { FlowTree, TaskNode } from "../tree/tree.ts";

/**
 * So often a step may lose its worker before it is taken to be what ends them. Where workers are killed again and again
 * for another reason, one step is hit ten times in a row by mere chance.
 */
export const MOST_TAKEOVERS = 50;

/** Why nobody carries out a task any more: its worker is dead or silent, or has left in good order. */
export type WorkerLoss = "gone" | "left";

/**
 * What becomes of a running task whose worker carries it out no more: ready again as the same attempt, so that an
 * agent's run is found again, or, when its step says `recovery: ask`, undecided. One that has lost worker after worker
 * fails; an agent's is taken up once more, to end what the agent is at. For `advance`; no changes when it is not running.
 */
export function recoverTask(tree: FlowTree, key: TaskKey, loss: WorkerLoss): Settled {
  const node = taskAt(tree, key);
  if (node?.state.status !== "running" || isContainer(node.step)) return alone(null);
  const { attempt } = node.state;
  const choice = node.step.recovery;
  const happenings = [{ type: "step_recovered", key, attempt, choice } as const];
  const stepId = node.step.id;
  if (choice === "ask") {
    const { lastAttempt, work, decision } = node.state;
    const state = { status: "undecided", attempt, lastAttempt, work, decision } as const;
    return alone({ kind: "task", key, stepId, state, happenings });
  }
  const takeovers = (node.state.takeovers ?? 0) + (loss === "gone" ? 1 : 0);
  const most = node.step.kind === "agent" ? MOST_TAKEOVERS + 1 : MOST_TAKEOVERS;
  if (takeovers > most && tree.cancel === null) return giveUp(tree, key, node, takeovers);
  const state = takeovers === 0 ? node.state : { ...node.state, takeovers };
  return alone({ ...released(key, node, state), happenings });
}

/** Its worker dies each time: another one would, too. */
function giveUp(tree: FlowTree, key: TaskKey, { step, state }: TaskNode, losses: number): Settled {
  const { attempt } = state;
  const { flow, flowRunId } = tree.request;
  const runId = step.kind === "agent" ? agentRunIdOf(flow, flowRunId, key, attempt) : null;
  const why = workerLost(losses, runId === null ? null : agentMayBeAtWork(runId));
  const failed: TaskState = { status: "failed", attempt, failure: why, output: {} };
  return {
    changes: [changeTo(key, step.id, failed)],
    used: usageOf(flow, step, null).used,
  };
}
