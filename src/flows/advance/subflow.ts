import { failedIn } from "../tree/cause.ts";
import { beginScope, endContainer, placeInside, visitInside } from "./container.ts";
import type { ContainerEnd } from "./container.ts";
import type { SubflowStep } from "../flow.ts";
import { withScopes } from "../tree/node.ts";
import { createRendering } from "../rendering.ts";
import { sightWithin } from "../tree/sight.ts";
import { stepInsideFailed } from "../step-failure.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";
import type { ContainerVisit, Place, Walk } from "./walk.ts";

/** A subflow after all that follows: it begins, or ends with its report. */
export function visitSubflow(walk: Walk, visit: ContainerVisit, step: SubflowStep): TaskNode {
  const { place } = visit;
  let node = visitInside(walk, visit);
  let scope = node.scopes[0];
  if (scope?.isBegun !== true) {
    scope = beginScope(walk, place, node, 1);
    node = withScopes(node, new Map([[1, scope]]));
  }
  const end = endOf(walk, step, scope, placeInside(place, node, 1));
  return end === null ? node : endContainer(walk, place, node, end);
}

function endOf(
  walk: Walk,
  step: SubflowStep,
  scope: ScopeNode,
  { sight, stop }: Place,
): ContainerEnd | null {
  if (!scope.isSettled) return null;
  const output = { report: null };
  const failed = failedIn(scope);
  if (failed !== null) {
    const failure = stepInsideFailed(failed.node.step.id, "", failed.failure);
    return { kind: "failed", failure, output };
  }
  if (stop !== null) return { kind: "canceled" };
  if (step.flow.report === null) return { kind: "done", output };
  const rendering = createRendering(walk.evaluator, sightWithin(sight, scope));
  const report = rendering.outcome(rendering.text("report", step.flow.report));
  return report.ok
    ? { kind: "done", output: { report: report.value } }
    : { kind: "failed", failure: report.failure, output };
}
