import { waitingTasks } from "./find-tasks.ts";
import { taskAt } from "../tree/place.ts";
import { refused, taken } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import { changeTo } from "../tree/task-change.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree } from "../tree/tree.ts";

/** What becomes of a step whose end is unknown: it begins again as the same attempt, or the flow goes on without it. */
export function decideRecovery(
  tree: FlowTree,
  key: TaskKey,
  choice: "rerun" | "skip",
): SignalDecision {
  const node = taskAt(tree, key);
  if (node?.state.status !== "undecided") {
    return refused(`nobody has to decide about "${key}"`, namesOfUndecided(tree));
  }
  const { attempt, lastAttempt, work, decision } = node.state;
  const stepId = node.step.id;
  if (choice === "skip") {
    const because = "somebody decided so: its end is unknown";
    const state = { status: "skipped", attempt, because, passesOn: false } as const;
    return taken([changeTo(key, stepId, state)]);
  }
  return taken([
    {
      kind: "task",
      key,
      stepId,
      state: { status: "ready", attempt, lastAttempt, work, dueAtMs: 0, decision },
      happenings: [{ type: "step_recovered", key, attempt, choice }],
    },
  ]);
}

function namesOfUndecided(tree: FlowTree): string {
  const keys: string[] = [];
  for (const { key, node } of waitingTasks(tree)) {
    if (node.state.status === "undecided") keys.push(key);
    if (keys.length === 5) break;
  }
  return keys.length === 0
    ? "no step of this flow run has an unknown end"
    : `the end of these is unknown: ${keys.join(", ")}`;
}
