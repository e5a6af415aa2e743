import { failedIn } from "../tree/cause.ts";
import { beginScope, endContainer, visitInside } from "./container.ts";
import type { ContainerEnd } from "./container.ts";
import type { ForEachStep } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { withScopes } from "../tree/node.ts";
import { stepInsideFailed } from "../step-failure.ts";
import type { Opened, Output } from "../task.ts";
import type { Progress, ScopeNode, TaskNode } from "../tree/tree.ts";
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
  if (free <= 0) return node;
  const scopeOfItem = (number: number): ScopeNode | undefined =>
    begun.get(number) ?? node.scopes[number - 1];
  for (const number of itemsThatMayBegin(opened, progress, scopeOfItem)) {
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
  { known, begun, settled }: Progress,
  scopeOfItem: (number: number) => ScopeNode | undefined,
): Generator<number> {
  // Items begin in order: unless some were forgotten, those that have begun are the first ones.
  let passed = known === begun ? begun : 0;
  if (waves.length === 0) {
    for (let number = passed + 1; number <= items.length; number += 1) {
      if (scopeOfItem(number)?.isBegun !== true) yield number;
    }
    return;
  }
  for (const wave of waves) {
    if (passed >= wave.length) {
      passed -= wave.length;
      if (passed === 0 && begun > settled) return;
      continue;
    }
    const rest = wave.slice(passed);
    passed = 0;
    for (const number of rest) if (scopeOfItem(number)?.isBegun !== true) yield number;
    if (wave.some((number) => scopeOfItem(number)?.isSettled !== true)) return;
  }
}

function endOf(node: TaskNode, { items }: OpenedForEach, { stop }: Place): ContainerEnd | null {
  const { begun, settled } = node.progress;
  if (begun > settled) return null;
  const index = node.scopes.findIndex((scope) => scope?.failing);
  const scope = node.scopes[index];
  const failed = scope === undefined ? null : failedIn(scope);
  if (failed !== null) {
    const where = ` for item ${index + 1}`;
    const failure = stepInsideFailed(failed.node.step.id, where, failed.failure);
    return { kind: "failed", failure, output: outputOf(node, items) };
  }
  if (stop !== null) return { kind: "canceled" };
  return settled === items.length ? { kind: "done", output: outputOf(node, items) } : null;
}

function outputOf(node: TaskNode, items: readonly Json[]): Output {
  const each = items.map((item, index) => ({ item, status: statusOf(node.scopes[index]) }));
  const failed = each.filter(({ status }) => status === "failed").length;
  return { count: items.length, failed, items: each };
}

/** An item has failed when a step of it has, unless the step says that the flow goes on. */
function statusOf(scope: ScopeNode | undefined): string {
  if (scope === undefined || !scope.isBegun) return "skipped";
  if (scope.failing !== null) return "failed";
  const isCanceled = [...scope.tasks.values()].some(({ state }) => state.status === "canceled");
  return isCanceled ? "canceled" : "done";
}
