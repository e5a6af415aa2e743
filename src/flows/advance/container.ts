import { unreachable } from "../../unreachable.ts";
import { stepsInside } from "../inside.ts";
import { scopeNode, withScopes } from "../node.ts";
import { withOutputs } from "../outputs.ts";
import type { Output, StepFailure } from "../task.ts";
import { sightInside } from "../sight.ts";
import type { ScopeNode, TaskNode } from "../tree.ts";
import { viewOf } from "../step-view.ts";
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
    prefix: `${place.prefix}${node.step.id}.${number}.`,
    sight: sightInside(place.sight, node, number),
    stop: place.stop,
  };
}

/** The container after all that follows in those of its iterations or items in which something has changed. */
export function visitInside(walk: Walk, { node, place, touched }: ContainerVisit): TaskNode {
  const updates = new Map<number, ScopeNode>();
  const visit = (scope: ScopeNode | undefined, number: number): void => {
    if (scope === undefined || !scope.isBegun || scope.isSettled) return;
    const inside = touched === "all" ? "all" : (touched.get(number) ?? new Map());
    const after = walk.visitScope(walk, placeInside(place, node, number), scope, inside);
    if (after !== scope) updates.set(number, after);
  };
  if (touched === "all") node.scopes.forEach((scope, index) => visit(scope, index + 1));
  else for (const number of touched.keys()) visit(node.scopes[number - 1], number);
  return withScopes(node, updates);
}

/** An iteration or item that begins. */
export function beginScope(walk: Walk, place: Place, node: TaskNode, number: number): ScopeNode {
  const before = node.scopes[number - 1] ?? scopeNode(stepsInside(node.step), new Map());
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
      const seen = viewOf(step.kind, { status: "done", attempt, output: end.output }, node.scopes);
      const { sight } = place;
      const output = withOutputs(step, end.output, seen ?? {}, sight, walk.evaluator);
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
