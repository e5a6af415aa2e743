import type { Step } from "../flow.ts";
import type { FlowEnd, FlowRequest, FlowState } from "../flow-run.ts";
import type { JsonObject } from "../../json/json.ts";
import type { TaskState } from "../task.ts";
import type { TaskTable } from "./task-table.ts";

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

/** How many tasks somewhere are under way; containers do not count. */
export interface Standing {
  /** Ready or running. */
  readonly active: number;
  readonly running: number;
  /** For somebody: waiting or undecided. */
  readonly waiting: number;
}

/** How many of a container's iterations or items have come how far. */
export interface Progress {
  /** Have begun, even if all of them is forgotten by now. */
  readonly known: number;
  readonly begun: number;
  readonly settled: number;
  readonly failing: number;
}

/** How many tasks of a scope stand how, so that a change of one need not look at the others. */
export interface ScopeCounts extends Standing {
  /** Have begun and are not forgotten. */
  readonly begun: number;
  readonly settled: number;
  /** Have failed so that nothing new begins: in all of it, or in this iteration. */
  readonly failing: number;
  readonly endingIteration: number;
}

/** The steps of a flow, of one iteration, or of one item. */
export interface ScopeNode {
  readonly steps: readonly Step[];
  /** By step id; a step that has not begun has none. */
  readonly tasks: TaskTable;
  readonly counts: ScopeCounts;
  readonly standing: Standing;
  /** A step of it has begun and is not forgotten. */
  readonly isBegun: boolean;
  /** Every step is settled. */
  readonly isSettled: boolean;
  /** Nothing new begins in it: a step has failed, and its iteration or all goes with it. */
  readonly failing: "fail" | "next-iteration" | null;
}

/** A step at one place, with everything inside it. */
export interface TaskNode {
  readonly step: Step;
  readonly state: TaskState;
  /** Iteration or item `n` at `n - 1`; one that has never begun is missing. */
  readonly scopes: readonly (ScopeNode | undefined)[];
  readonly standing: Standing;
  readonly progress: Progress;
  /** What expressions see of it once it is settled. */
  readonly view: JsonObject | null;
}
