import type { FlowChange, TaskChange } from "../tree/change.ts";
import { dependentsOf } from "./dependents.ts";
import { forgetAll, forgetAllIn, forgetSelf } from "./forget.ts";
import { scopesInside, stepAt, taskAt, wayTo } from "../tree/place.ts";
import type { PlaceStep } from "../tree/place.ts";
import { reopen, reopenScope } from "./reopen.ts";
import { refused, taken } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree, TaskNode } from "../tree/tree.ts";

/**
 * Goes back to a step that has begun: it is forgotten, with all that came from it. Elsewhere in the scopes around it,
 * what is done stays, and what came to nothing (failed, canceled, skipped) is tried again.
 */
export function retryFrom(tree: FlowTree, key: TaskKey): SignalDecision {
  if (stepAt(tree.request.flow, key) === null) {
    return refused(`the flow has no step "${key}"`, "`delegate flow show` names its steps");
  }
  if (tree.root.standing.running > 0) {
    return refused("a step runs just now", "wait until nothing runs, or cancel the flow run first");
  }
  const node = taskAt(tree, key);
  if (node === null || node.state.status === "forgotten") {
    return tree.end === null
      ? refused(`"${key}" has not begun yet`, "it comes by itself; name an earlier step to go back")
      : refused(`"${key}" has never begun`, "name a step that has, or the one around it");
  }
  const changes: FlowChange[] = wayTo(tree, key).flatMap((step) => [...goBackTo(step)]);
  if (tree.cancel !== null) changes.push({ kind: "cancel", cancel: null, happenings: [] });
  if (tree.end !== null) changes.push({ kind: "end", end: null, happenings: [] });
  return taken(changes);
}

/** What becomes of the steps of one scope on the way. */
function* goBackTo({ scope, prefix, stepId, number }: PlaceStep): Generator<TaskChange> {
  const dependents = dependentsOf(scope.steps, stepId);
  for (const node of scope.tasks.values()) {
    const { id } = node.step;
    const key = prefix + id;
    if (dependents.has(id)) yield* forgetAll(node, key);
    else if (id !== stepId) yield* reopen(node, key);
    else if (number === null) yield* forgetAll(node, key);
    else yield* goBackInside(node, key, number);
  }
}

/** Later iterations have come from this one; items have nothing to do with each other. */
function* goBackInside(node: TaskNode, key: TaskKey, number: number): Generator<TaskChange> {
  if (node.state.status !== "open") yield* forgetSelf(node, key);
  for (const other of scopesInside(node, key)) {
    if (other.number === number) continue;
    if (node.step.kind === "for-each") yield* reopenScope(other.scope, other.prefix);
    else if (other.number > number) yield* forgetAllIn(other.scope, other.prefix);
  }
}
