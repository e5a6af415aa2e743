import { scopesInside } from "../tree/place.ts";
import { unreachable } from "../../unreachable.ts";
import type { TaskChange } from "../tree/change.ts";
import { forgetAll, forgetSelf } from "./forget.ts";
import { policyOf } from "../tree/policy.ts";
import type { TaskKey } from "../task.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";

/** A task beside the one that somebody goes back to: tried again if it came to nothing, and with it its scope. */
export function* reopen(node: TaskNode, key: TaskKey): Generator<TaskChange> {
  const { state } = node;
  switch (state.status) {
    case "failed":
      if (policyOf(node) === null) return;
      // Its last iteration is complete: there is nothing in it to go on with.
      if (state.failure.code === "loop_exhausted") yield* forgetAll(node, key);
      else yield* reopenInside(node, key);
      return;
    case "canceled":
      yield* reopenInside(node, key);
      return;
    case "skipped":
      if (state.passesOn) yield* forgetSelf(node, key);
      return;
    case "ready":
    case "running":
    case "waiting":
    case "undecided":
    case "open":
    case "done":
    case "forgotten":
      return;
    default:
      unreachable(state);
  }
}

/** A scope in which what came to nothing is tried again. */
export function* reopenScope(scope: ScopeNode, prefix: string): Generator<TaskChange> {
  for (const node of scope.tasks.values()) yield* reopen(node, prefix + node.step.id);
}

function* reopenInside(node: TaskNode, key: TaskKey): Generator<TaskChange> {
  yield* forgetSelf(node, key);
  const last = node.scopes.findLastIndex((scope) => scope?.isBegun) + 1;
  for (const { scope, number, prefix } of scopesInside(node, key))
    if (node.step.kind !== "loop" || number === last) yield* reopenScope(scope, prefix);
}
