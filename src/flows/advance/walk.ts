import type { FlowChange } from "../tree/change.ts";
import type { Evaluator } from "../evaluator.ts";
import type { FlowRequest } from "../flow-run.ts";
import type { Step } from "../flow.ts";
import { taskNode, withState } from "../tree/node.ts";
import type { Sight } from "../tree/sight.ts";
import { changeTo } from "../tree/task-change.ts";
import type { Telling } from "../tree/task-change.ts";
import type { TouchedScope, TouchedTask } from "../tree/touched.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";

/** Why nothing begins any more. */
export interface Stop {
  readonly because: string;
  /** Somebody has canceled the flow run: nobody needs to decide anything any more. */
  readonly isCancel: boolean;
}

/** Where a walk is. */
export interface Place {
  /** What the keys of its tasks begin with, such as `work.2.`. */
  readonly prefix: string;
  /** What is seen from outside of the scope; its own steps come to it. */
  readonly sight: Sight;
  readonly stop: Stop | null;
}

/** One look at a tree for all that follows; what it finds is written down in `changes`. */
export interface Walk {
  readonly request: FlowRequest;
  readonly evaluator: Evaluator;
  readonly changes: FlowChange[];
  /** Scopes hold containers, which hold scopes. */
  readonly visitScope: (
    walk: Walk,
    place: Place,
    scope: ScopeNode,
    touched: TouchedScope | "all",
  ) => ScopeNode;
}

/** A container that is looked at. */
export interface ContainerVisit {
  readonly node: TaskNode;
  /** Of the scope that it is in, with the settled steps of that. */
  readonly place: Place;
  readonly touched: TouchedTask["scopes"] | "all";
}

/** A step in its new state, which is written down; `before` is how it stood, if it has ever begun. */
export function enter(
  walk: Walk,
  place: Place,
  step: Step,
  before: TaskNode | undefined,
  state: Telling,
): TaskNode {
  walk.changes.push(changeTo(place.prefix + step.id, step.id, state));
  return before === undefined ? taskNode(step, state) : withState(before, state);
}
