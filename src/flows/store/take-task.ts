import { applyChanges } from "../tree/apply.ts";
import { claimTask } from "../tasks/claim.ts";
import { jobOf } from "../tasks/job.ts";
import type { Limits } from "../../config/flow-limits.ts";
import type { EscalationRules } from "../../questions/routing.ts";
import type { TaskKey } from "../task.ts";
import type { Job } from "../work.ts";
import type { BudgetLane } from "./lanes.ts";
import type { Ledger } from "./ledger.ts";
import type { Purses } from "./purses.ts";

/** For whom tasks are taken. */
export interface Claimer {
  readonly worker: number;
  /** For people. */
  readonly workerName: string;
  /** The only flow run that it carries out, or null. */
  readonly only: number | null;
  readonly limits: Limits;
  readonly escalation: EscalationRules;
}

/** A task that may begin now as far as the limits go. */
export interface Candidate {
  readonly flow: number;
  readonly key: TaskKey;
  readonly lane: BudgetLane;
}

/** Has a worker take a task, if it is still ready and its flow run's budget has room for it; else null. */
export function takeTask(
  ledger: Ledger,
  purses: Purses,
  { flow, key, lane }: Candidate,
  { worker, workerName }: Pick<Claimer, "worker" | "workerName">,
): Job | null {
  const tree = ledger.tree(flow);
  const claim = tree === null ? null : claimTask(tree, key, workerName);
  if (tree === null || claim === null) return null;
  const held = lane.budgetOf === null ? null : purses.reserve(flow, tree, key);
  if (held === "no") return null;
  const after = applyChanges(tree, [claim]);
  ledger.claim(flow, claim, after, { worker, held });
  return jobOf(after, key);
}
