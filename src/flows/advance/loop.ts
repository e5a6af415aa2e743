import { failedIn } from "../tree/cause.ts";
import { beginScope, endContainer, placeInside, visitInside } from "./container.ts";
import type { ContainerEnd } from "./container.ts";
import type { Expression, LoopStep } from "../flow.ts";
import { withScopes } from "../tree/node.ts";
import { createRendering } from "../rendering.ts";
import { sightWithin } from "../tree/sight.ts";
import { loopExhausted, stepInsideFailed } from "../step-failure.ts";
import type { Opened } from "../task.ts";
import type { TaskNode } from "../tree/tree.ts";
import type { ContainerVisit, Place, Walk } from "./walk.ts";

type OpenedLoop = Extract<Opened, { kind: "loop" }>;

/** When a loop is over. */
interface Bounds {
  readonly until: Expression;
  readonly max: number;
}

/** A loop after all that follows: another iteration may begin, or it ends. */
export function visitLoop(
  walk: Walk,
  visit: ContainerVisit,
  step: LoopStep,
  opened: OpenedLoop,
): TaskNode {
  const { place } = visit;
  const bounds = { until: step.until, max: maxOf(step, opened) };
  let node = visitInside(walk, visit);
  for (;;) {
    const number = node.scopes.findLastIndex((scope) => scope?.isBegun) + 1;
    const after = afterIteration(walk, placeInside(place, node, number), bounds, node, number);
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
  { until, max }: Bounds,
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
    return number < max ? "next" : exhausted(max, because, output);
  }
  const rendering = createRendering(walk.evaluator, sightWithin(sight, scope));
  const isEnough = rendering.outcome(rendering.condition("until", until));
  if (!isEnough.ok) return { kind: "failed", failure: isEnough.failure, output };
  if (isEnough.value) return { kind: "done", output: { ...output, done: true } };
  const because = `"${until}" is still not true`;
  return number < max ? "next" : exhausted(max, because, output);
}

/** A loop that an older version opened has a number in its file. */
function maxOf({ id, max }: LoopStep, opened: OpenedLoop): number {
  if (opened.max !== undefined) return opened.max;
  if (typeof max === "number") return max;
  throw new Error(`${id} was opened without the most iterations`);
}

function exhausted(
  max: number,
  because: string,
  output: { iterations: number; done: boolean },
): ContainerEnd {
  return { kind: "failed", failure: loopExhausted(max, because), output };
}
