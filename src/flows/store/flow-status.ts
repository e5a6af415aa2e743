import type { FlowRunStatus } from "../store.ts";
import type { FlowTree } from "../tree/tree.ts";

/** How a flow run stands: `waiting` when nothing goes on before somebody does something. */
export function flowStatusOf({ end, root }: FlowTree): FlowRunStatus {
  if (end !== null) return end.status;
  const { active, waiting } = root.standing;
  return active === 0 && waiting > 0 ? "waiting" : "running";
}
