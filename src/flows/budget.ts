import type { TaskChange } from "./change.ts";
import type { Flow, Step } from "./flow.ts";
import type { TaskKey } from "./task.ts";
import type { FlowTree } from "./tree.ts";

/** An amount that is known: US dollars, and tokens. */
export interface Amount {
  readonly costUsd: number;
  readonly tokens: number;
}

/** What is held back for a step while it runs: nothing but for an agent step of a flow with a budget. */
export declare function reservationOf(flow: Flow, step: Step): Amount;

/**
 * Whether a step may begin: `later` as long as running steps may give back what they hold, `never` once nothing runs
 * that could (then `exhaustTask` is what happens).
 */
export declare function mayReserve(
  flow: Flow,
  reservation: Amount,
  /** Of the whole flow run: what its ended steps have used, and what its running ones hold. */
  facts: { readonly used: Amount; readonly held: Amount; readonly running: number },
): "yes" | "later" | "never";

/** A ready task for which the budget has no room: it fails, and the flow run with it. For `advance`. */
export declare function exhaustTask(tree: FlowTree, key: TaskKey): TaskChange;
