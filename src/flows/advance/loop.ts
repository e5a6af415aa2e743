import { failedIn } from "../cause.ts";
import { beginScope, endContainer, placeInside, visitInside } from "./container.ts";
import type { ContainerEnd } from "./container.ts";
import type { LoopStep } from "../flow.ts";
import { withScopes } from "../node.ts";
import { createRendering } from "../rendering.ts";
import { sightWithin } from "../sight.ts";
import { loopExhausted, stepInsideFailed } from "../step-failure.ts";
import type { TaskNode } from "../tree.ts";
import type { ContainerVisit, Place, Walk } from "./walk.ts";

/** A loop after all that follows: another iteration may begin, or it ends. */
export function visitLoop(walk: Walk, visit: ContainerVisit, step: LoopStep): TaskNode {
  const { place } = visit;
  let node = visitInside(walk, visit);
  for (;;) {
    const number = node.scopes.findLastIndex((scope) => scope?.isBegun) + 1;
    const after = afterIteration(walk, placeInside(place, node, number), step, node, number);
    if (after === "wait") return node;
    if (after !== "next") return endContainer(walk, place, node, after);
    const begun = beginScope(walk, place, node, number + 1);
    node = withScopes(node, new Map([[number + 1, begun]]));
  }
}

/** What comes after the last iteration that has begun; before the first there is none. */
function afterIteration(
  walk: Walk,
  { sight, stop }: Place,
  step: LoopStep,
  node: TaskNode,
  number: number,
): "wait" | "next" | ContainerEnd {
  const scope = node.scopes[number - 1];
  if (scope === undefined) return "next";
  if (!scope.isSettled) return "wait";
  const output = { iterations: number, done: false };
  const failed = failedIn(scope);
  if (failed !== null && scope.failing === "fail") {
    const where = ` in iteration ${number}`;
    const failure = stepInsideFailed(failed.node.step.id, where, failed.failure);
    return { kind: "failed", failure, output };
  }
  if (stop !== null) return { kind: "canceled" };
  if (failed !== null) {
    const because = `the last one failed: "${failed.node.step.id}": ${failed.failure.message}`;
    return number < step.max ? "next" : exhausted(step, because, output);
  }
  const rendering = createRendering(walk.evaluator, sightWithin(sight, scope));
  const isEnough = rendering.outcome(rendering.condition("until", step.until));
  if (!isEnough.ok) return { kind: "failed", failure: isEnough.failure, output };
  if (isEnough.value) return { kind: "done", output: { ...output, done: true } };
  const because = `"${step.until}" is still not true`;
  return number < step.max ? "next" : exhausted(step, because, output);
}

function exhausted(
  step: LoopStep,
  because: string,
  output: { iterations: number; done: boolean },
): ContainerEnd {
  return { kind: "failed", failure: loopExhausted(step.max, because), output };
}
