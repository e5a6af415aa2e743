import { failedIn } from "../cause.ts";
import { beginScope, endContainer, visitInside } from "./container.ts";
import type { ContainerEnd } from "./container.ts";
import type { ForEachStep } from "../flow.ts";
import type { Json } from "../json.ts";
import { withScopes } from "../node.ts";
import { stepInsideFailed } from "../step-failure.ts";
import type { Opened, Output } from "../task.ts";
import type { ScopeNode, TaskNode } from "../tree.ts";
import type { ContainerVisit, Place, Walk } from "./walk.ts";

type OpenedForEach = Extract<Opened, { kind: "for-each" }>;

/** A for-each after all that follows: more items may begin, or it ends. */
export function visitForEach(
  walk: Walk,
  visit: ContainerVisit,
  step: ForEachStep,
  opened: OpenedForEach,
): TaskNode {
  const { place } = visit;
  const visited = visitInside(walk, visit);
  const node = place.stop === null ? beginItems(walk, place, visited, step, opened) : visited;
  const end = endOf(node, opened, place);
  return end === null ? node : endContainer(walk, place, node, end);
}

/** Begins as many items as may be under way at once; after a failure none. */
function beginItems(
  walk: Walk,
  place: Place,
  node: TaskNode,
  step: ForEachStep,
  opened: OpenedForEach,
): TaskNode {
  const begun = new Map<number, ScopeNode>();
  const { progress } = node;
  let free = (step.limit ?? Infinity) - (progress.begun - progress.settled);
  let isFailing = progress.failing > 0;
  // Looking for the next item takes longer the more have begun.
  if (free <= 0 || isFailing || progress.begun === opened.items.length) return node;
  const scopeOfItem = (number: number): ScopeNode | undefined =>
    begun.get(number) ?? node.scopes[number - 1];
  for (const number of itemsThatMayBegin(opened, scopeOfItem)) {
    if (free <= 0 || isFailing) break;
    const scope = beginScope(walk, place, node, number);
    begun.set(number, scope);
    if (!scope.isSettled) free -= 1;
    isFailing = scope.failing !== null;
  }
  return withScopes(node, begun);
}

/** Items that have not begun, wave by wave; a wave waits until all items of those before it are settled. */
function* itemsThatMayBegin(
  { items, waves }: OpenedForEach,
  scopeOfItem: (number: number) => ScopeNode | undefined,
): Generator<number> {
  if (waves.length === 0) {
    for (let number = 1; number <= items.length; number += 1) {
      if (scopeOfItem(number)?.isBegun !== true) yield number;
    }
    return;
  }
  for (const wave of waves) {
    for (const number of wave) if (scopeOfItem(number)?.isBegun !== true) yield number;
    if (wave.some((number) => scopeOfItem(number)?.isSettled !== true)) return;
  }
}

function endOf(node: TaskNode, { items }: OpenedForEach, { stop }: Place): ContainerEnd | null {
  const { begun, settled, failing } = node.progress;
  if (begun > settled) return null;
  const number = node.scopes.findIndex((scope) => scope?.failing) + 1;
  const scope = node.scopes[number - 1];
  const failed = failing > 0 && scope !== undefined ? failedIn(scope) : null;
  if (failed !== null) {
    const failure = stepInsideFailed(failed.node.step.id, ` for item ${number}`, failed.failure);
    return { kind: "failed", failure, output: outputOf(node, items) };
  }
  if (stop !== null) return { kind: "canceled" };
  return settled === items.length ? { kind: "done", output: outputOf(node, items) } : null;
}

function outputOf(node: TaskNode, items: readonly Json[]): Output {
  const statuses = items.map((_, index) => statusOf(node.scopes[index]));
  return {
    count: items.length,
    failed: statuses.filter((status) => status === "failed").length,
    items: items.map((item, index) => ({ item, status: statuses[index] ?? "skipped" })),
  };
}

/** An item has failed when a step of it has, even if the flow goes on. */
function statusOf(scope: ScopeNode | undefined): string {
  if (scope === undefined || !scope.isBegun) return "skipped";
  const statuses = [...scope.tasks.values()].map(({ state }) => state.status);
  return statuses.find((status) => status === "failed" || status === "canceled") ?? "done";
}
