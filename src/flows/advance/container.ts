import { prefixInside } from "../tree/place.ts";
import { unreachable } from "../../unreachable.ts";
import { stepsInside } from "../inside.ts";
import { emptyScope, withScopes } from "../tree/node.ts";
import { withOutputs } from "../tasks/outputs.ts";
import type { Output, StepFailure } from "../task.ts";
import { sightInside } from "../tree/sight.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";
import { viewOfDone } from "../tree/step-view.ts";
import type { TouchedScope } from "../tree/touched.ts";
import { enter } from "./walk.ts";
import type { ContainerVisit, Place, Walk } from "./walk.ts";

/** How a container ends. */
export type ContainerEnd =
  | { readonly kind: "done"; readonly output: Output }
  | { readonly kind: "failed"; readonly failure: StepFailure; readonly output: Output }
  | { readonly kind: "canceled" };

/** The place of an iteration or item inside a container. */
export function placeInside(place: Place, node: TaskNode, number: number): Place {
  return {
    prefix: prefixInside(place.prefix + node.step.id, number),
    sight: sightInside(place.sight, node, number),
    stop: place.stop,
  };
}

/** The container after all that follows in those of its iterations or items in which something has changed. */
export function visitInside(walk: Walk, { node, place, touched }: ContainerVisit): TaskNode {
  const updates = new Map<number, ScopeNode>();
  const visit = (number: number, inside: TouchedScope | "all"): void => {
    const scope = node.scopes[number - 1];
    if (scope === undefined || !scope.isBegun || scope.isSettled) return;
    const after = walk.visitScope(walk, placeInside(place, node, number), scope, inside);
    if (after !== scope) updates.set(number, after);
  };
  if (touched === "all") node.scopes.forEach((_, index) => visit(index + 1, "all"));
  else for (const [number, inside] of touched) visit(number, inside);
  return withScopes(node, updates);
}

/** An iteration or item that begins. */
export function beginScope(walk: Walk, place: Place, node: TaskNode, number: number): ScopeNode {
  const before = node.scopes[number - 1] ?? emptyScope(stepsInside(node.step));
  const scope = walk.visitScope(walk, placeInside(place, node, number), before, "all");
  if (!scope.isBegun) throw new Error(`no step of ${node.step.id} can be the first`);
  return scope;
}

/** The container that has come to this end. */
export function endContainer(
  walk: Walk,
  place: Place,
  node: TaskNode,
  end: ContainerEnd,
): TaskNode {
  const { step } = node;
  const { attempt } = node.state;
  switch (end.kind) {
    case "done": {
      const seen = viewOfDone(step.kind, end.output, node.scopes);
      const output = withOutputs(step, end.output, seen, place.sight, walk.evaluator);
      return output.ok
        ? enter(walk, place, step, node, { status: "done", attempt, output: output.value })
        : endContainer(walk, place, node, { ...end, kind: "failed", failure: output.failure });
    }
    case "failed": {
      const { failure, output } = end;
      return enter(walk, place, step, node, { status: "failed", attempt, failure, output });
    }
    case "canceled":
      return enter(walk, place, step, node, { status: "canceled", attempt });
    default:
      return unreachable(end);
  }
}
