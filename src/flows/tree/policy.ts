import type { TaskNode } from "./tree.ts";

/** What is known of a task when the question is what its failure does. */
type Failed = Pick<TaskNode, "step" | "state" | "scopes">;

/** What the failure of a task does to its scope: nothing (null), or it ends all, or only the iteration. */
export function policyOf({ step, state, scopes }: Failed): "fail" | "next-iteration" | null {
  if (state.status !== "failed") return null;
  // Going on would only find the budget used up again.
  if (state.failure.code === "budget_exhausted") return "fail";
  if (step.onFailure === "continue") return null;
  if (step.onFailure === "fail" && step.kind === "for-each" && endsIteration(scopes)) {
    return "next-iteration";
  }
  return step.onFailure;
}

/** Whether a step of an item has failed that ends the iteration of the loop around them all, and none ends more. */
function endsIteration(scopes: TaskNode["scopes"]): boolean {
  const failing = new Set(scopes.map((scope) => scope?.failing));
  return failing.has("next-iteration") && !failing.has("fail");
}
