import { prefixInside } from "./place.ts";
import { policyOf } from "./policy.ts";
import { isContainer } from "../inside.ts";
import type { StepFailure, TaskKey } from "../task.ts";
import type { ScopeNode, TaskNode } from "./tree.ts";

/** A task that has failed, and why. */
export interface FailedTask {
  readonly node: TaskNode;
  readonly failure: StepFailure;
}

/** The first step of a scope, in the order of the file, for which the scope is failing; null when it is not. */
export function failedIn({ steps, tasks, failing }: ScopeNode): FailedTask | null {
  if (failing === null) return null;
  const nodes = steps.map(({ id }) => tasks.get(id));
  const node = nodes.find((each) => each !== undefined && policyOf(each) === failing);
  return node?.state.status === "failed" ? { node, failure: node.state.failure } : null;
}

/** The step with which a failure began, as deep inside as it was, with its key. */
export function causeIn(
  scope: ScopeNode,
  prefix: string,
): { readonly key: TaskKey; readonly failure: StepFailure } | null {
  const failed = failedIn(scope);
  if (failed === null) return null;
  const key = prefix + failed.node.step.id;
  return causeInside(failed, key) ?? { key, failure: failed.failure };
}

function causeInside({ node, failure }: FailedTask, key: TaskKey): ReturnType<typeof causeIn> {
  if (!isContainer(node.step) || !passedOn.has(failure.code)) return null;
  const index = node.scopes.findIndex((scope) => scope?.failing === "fail");
  const other = index === -1 ? node.scopes.findIndex((scope) => scope?.failing) : index;
  const scope = node.scopes[other];
  return scope === undefined ? null : causeIn(scope, prefixInside(key, other + 1));
}

/** With these, a container says that something inside it failed. */
const passedOn: ReadonlySet<string> = new Set(["step_failed", "budget_exhausted"]);
