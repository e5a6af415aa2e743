import type { TaskChange } from "./change.ts";
import { released } from "./claim.ts";
import { isContainer } from "./inside.ts";
import { taskAt } from "./place.ts";
import type { TaskKey } from "./task.ts";
import type { FlowTree } from "./tree.ts";

/**
 * What becomes of a running task whose worker is gone: ready again as the same attempt, so that an agent's run is
 * found again, or, when its step says `recovery: ask`, undecided. For `advance`; null when it is not running.
 */
export function recoverTask(tree: FlowTree, key: TaskKey): TaskChange | null {
  const node = taskAt(tree, key);
  if (node?.state.status !== "running" || isContainer(node.step)) return null;
  const { attempt, lastAttempt, work, decision } = node.state;
  const choice = node.step.recovery;
  const happenings = [{ type: "step_recovered", key, attempt, choice } as const];
  if (choice === "rerun") return { ...released(key, node, node.state), happenings };
  return {
    kind: "task",
    key,
    stepId: node.step.id,
    state: { status: "undecided", attempt, lastAttempt, work, decision },
    happenings,
  };
}
