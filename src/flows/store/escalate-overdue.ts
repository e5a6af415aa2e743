import type { EscalationRules } from "../../questions/routing.ts";
import type { Escalated } from "../store.ts";
import { escalateTask } from "../tasks/escalate.ts";
import { alone } from "../tasks/settle.ts";
import type { TaskKey } from "../task.ts";
import type { Ledger } from "./ledger.ts";

/** A step of which the next in line is to be told. */
export interface OverdueTask {
  readonly flow: number;
  readonly key: TaskKey;
}

/** So many of each place in the line are dealt with in one transaction; the next one follows at once. */
export const MOST_OVERDUE = 100;

/** Has steps go to the next in line; the value is which, and to whom. */
export function escalateOverdue(
  ledger: Ledger,
  overdue: readonly OverdueTask[],
  rules: EscalationRules,
  nowMs: number,
): readonly Escalated[] {
  const escalated: Escalated[] = [];
  for (const { flow, key } of overdue)
    ledger.decide(flow, (tree) => {
      const found = escalateTask(tree, key, rules, nowMs);
      if (found === null) return alone(null);
      escalated.push({ flowRunId: tree.request.flowRunId, key, to: found.to });
      return alone(found.change);
    });
  return escalated;
}
