import { treeOf } from "../../flows/tree/apply.ts";
import type { Evaluator } from "../../flows/evaluator.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import { reportOf } from "../../flows/report.ts";

/** The report of a flow run that has ended, or null when there is none, or none yet. */
export function reportSoFar(state: FlowState, evaluator: Evaluator): string | null {
  if (state.end === null) return null;
  const report = reportOf(treeOf(state), evaluator);
  return report.ok ? report.value : null;
}
