import { applyChanges } from "./tree/apply.ts";
import { causeIn } from "./tree/cause.ts";
import type { FlowChange } from "./tree/change.ts";
import type { Evaluator } from "./evaluator.ts";
import type { FlowEnd } from "./flow-run.ts";
import { reportOf } from "./report.ts";
import { reportFailed } from "./step-failure.ts";
import { rootSight } from "./tree/sight.ts";
import { touchedBy } from "./tree/touched.ts";
import type { TouchedScope } from "./tree/touched.ts";
import type { FlowTree } from "./tree/tree.ts";
import { visitScope } from "./advance/visit-scope.ts";
import type { Walk } from "./advance/walk.ts";

/** Changes, in order, and the tree after all of them. */
export interface Advance {
  readonly changes: readonly FlowChange[];
  readonly tree: FlowTree;
}

/**
 * Makes these changes and everything that follows from them until something from outside is needed: steps begin, are
 * skipped or canceled, containers open and settle, the flow run ends. The answer holds the given changes too. Looks
 * only where something has changed. It is what a store calls for every end of a step, every signal and every recovery.
 */
export function advance(
  tree: FlowTree,
  changes: readonly FlowChange[],
  evaluator: Evaluator,
): Advance {
  const isEverywhere = changes.some(({ kind }) => kind !== "task");
  const touched = isEverywhere ? "all" : touchedBy(changes);
  const followed = follow(applyChanges(tree, changes), touched, evaluator);
  return { changes: [...changes, ...followed.changes], tree: followed.tree };
}

/**
 * Everything that follows from the state as it is, looking everywhere: for a flow run that has just been created.
 * After `advance` it finds nothing.
 */
export function next(tree: FlowTree, evaluator: Evaluator): Advance {
  return follow(tree, "all", evaluator);
}

function follow(tree: FlowTree, touched: TouchedScope | "all", evaluator: Evaluator): Advance {
  if (tree.end !== null) return { changes: [], tree };
  const { request, cancel } = tree;
  const changes: FlowChange[] = [];
  const walk: Walk = { request, evaluator, changes, visitScope };
  const stop = cancel === null ? null : { because: "the flow run is canceled", isCancel: true };
  const place = { prefix: "", sight: rootSight(request), stop };
  const root = visitScope(walk, place, tree.root, touched);
  const after = { ...tree, root };
  if (!root.isSettled) return { changes, tree: after };
  const end = endOf(after, evaluator);
  changes.push({ kind: "end", end, happenings: [{ type: "flow_ended", end }] });
  return { changes, tree: { ...after, end } };
}

/** A flow whose report can't be made has not done all that it should, though no step is to blame. */
function endOf(tree: FlowTree, evaluator: Evaluator): FlowEnd {
  const { cancel, root } = tree;
  if (cancel !== null) return { status: "canceled", ...cancel };
  const cause = causeIn(root, "");
  if (cause !== null) return { status: "failed", ...cause };
  const report = reportOf(tree, evaluator);
  return report.ok
    ? { status: "complete" }
    : { status: "failed", key: "", failure: reportFailed(report.failure) };
}
