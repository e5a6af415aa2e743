import type { Step } from "./flow.ts";
import type { FlowEnd, FlowRequest, FlowState } from "./flow-run.ts";
import type { JsonObject } from "./json.ts";
import type { TaskState } from "./task.ts";

/**
 * A flow run's state as everything decides on it: its tasks in their scopes, so that no decision has to look at tasks
 * that it is not about. It never changes: changes make another one, which shares all that is equal.
 */
export interface FlowTree {
  readonly request: FlowRequest;
  readonly cancel: FlowState["cancel"];
  readonly end: FlowEnd | null;
  readonly root: ScopeNode;
}

/** How many tasks somewhere are under way. */
export interface Standing {
  /** Ready or running. */
  readonly active: number;
  readonly running: number;
  /** For somebody: waiting or undecided. */
  readonly waiting: number;
}

/** The steps of a flow, of one iteration, or of one item. */
export interface ScopeNode {
  readonly steps: readonly Step[];
  /** By step id; a step that has not begun has none. */
  readonly tasks: ReadonlyMap<string, TaskNode>;
  readonly standing: Standing;
  /** Every step is settled. */
  readonly isSettled: boolean;
}

/** A step at one place, with everything inside it. */
export interface TaskNode {
  readonly step: Step;
  readonly state: TaskState;
  /** Iteration or item `i` at `i - 1`; one that has not begun is missing. */
  readonly scopes: readonly (ScopeNode | undefined)[];
  readonly standing: Standing;
  /** How many of the scopes have begun, and how many of these are settled. */
  readonly begunScopes: number;
  readonly settledScopes: number;
  /** What expressions see of it once it is settled. */
  readonly view: JsonObject | null;
}

/** The tree of a state as a store reads it; takes as long as it has tasks. */
export declare function treeOf(state: FlowState): FlowTree;
/** The flat state of a tree, for whoever shows it; takes as long as it has tasks. */
export declare function stateOf(tree: FlowTree): FlowState;
