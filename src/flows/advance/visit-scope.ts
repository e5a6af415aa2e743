import { beginStep, isToBegin, mayBegin } from "./begin-step.ts";
import { failedIn } from "../tree/cause.ts";
import type { Step } from "../flow.ts";
import { withTasks } from "../tree/node.ts";
import { sightWithin } from "../tree/sight.ts";
import { stopTask } from "./stop-task.ts";
import type { StoppedPlace } from "./stop-task.ts";
import type { TouchedScope, TouchedTask } from "../tree/touched.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";
import { visitContainer } from "./visit-container.ts";
import type { Place, Stop, Walk } from "./walk.ts";

/** A scope after all that follows in it from what has changed there, or, with `all`, from how it stands. */
export function visitScope(
  walk: Walk,
  place: Place,
  scope: ScopeNode,
  touched: TouchedScope | "all",
): ScopeNode {
  const visited = visitContainers(walk, place, scope, touched);
  if (touched !== "all" && !hasNews(scope, visited, touched)) return visited;
  let current = visited;
  for (;;) {
    const stop = stopOf(place, current);
    if (stop !== null) return stopTasks(walk, { ...place, stop }, current);
    const step = stepThatMayBegin(current);
    if (step === null) return current;
    const inside = { ...place, sight: sightWithin(place.sight, current) };
    current = withTasks(current, [beginStep(walk, inside, current, step)]);
  }
}

/** The open containers in which something has changed, each after all that follows in it. */
function visitContainers(
  walk: Walk,
  place: Place,
  scope: ScopeNode,
  touched: TouchedScope | "all",
): ScopeNode {
  let current = scope;
  for (const { node, inside } of containersIn(scope, touched)) {
    const stop = stopOf(place, current);
    const sight = sightWithin(place.sight, current);
    const after = visitContainer(walk, { node, place: { ...place, sight, stop }, touched: inside });
    if (after !== node) current = withTasks(current, [after]);
  }
  return current;
}

function* containersIn(
  { tasks }: ScopeNode,
  touched: TouchedScope | "all",
): Generator<{ readonly node: TaskNode; readonly inside: TouchedTask["scopes"] | "all" }> {
  if (touched === "all") for (const node of tasks.values()) yield { node, inside: "all" };
  else
    for (const [id, { scopes }] of touched) {
      const node = tasks.get(id);
      if (node !== undefined) yield { node, inside: scopes };
    }
}

/** Whether a step of the scope itself has changed, and not only something inside one. */
function hasNews(before: ScopeNode, after: ScopeNode, touched: TouchedScope): boolean {
  for (const [id, { state }] of touched) {
    if (state !== null || before.tasks.get(id)?.state !== after.tasks.get(id)?.state) return true;
  }
  return false;
}

function stepThatMayBegin(scope: ScopeNode): Step | null {
  if (scope.counts.begun === scope.steps.length) return null;
  return (
    scope.steps.find((step) => isToBegin(scope.tasks.get(step.id)) && mayBegin(scope, step)) ?? null
  );
}

/** The scope when nothing in it begins any more: what runs goes on to its end. */
function stopTasks(walk: Walk, place: StoppedPlace, scope: ScopeNode): ScopeNode {
  let current = scope;
  for (const step of scope.steps) {
    const before = current.tasks.get(step.id);
    const sight = sightWithin(place.sight, current);
    const after = stopTask(walk, { ...place, sight }, step, before);
    if (after !== before) current = withTasks(current, [after]);
  }
  return current;
}

/** A failure stops its scope and everything inside it. */
function stopOf(place: Place, scope: ScopeNode): Stop | null {
  if (place.stop !== null) return place.stop;
  const failed = failedIn(scope);
  return failed === null ? null : { because: `"${failed.node.step.id}" failed`, isCancel: false };
}
