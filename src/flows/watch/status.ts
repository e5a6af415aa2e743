import type { FlowView } from "../view/view.ts";
import { containersIn } from "./key-index.ts";

/** How a flow run that is watched stands, in a word: `waiting` when nothing goes on before somebody does something. */
export function statusOfView({ steps, end }: FlowView): string {
  if (end !== null) return end.how.status;
  const containers = containersIn(steps);
  const phases = [...steps].flatMap(([key, { phase }]) => (containers.has(key) ? [] : [phase]));
  const goesOn = phases.some((phase) => ["ready", "running", "retrying"].includes(phase));
  const waits = phases.some((phase) => phase === "waiting" || phase === "undecided");
  return waits && !goesOn ? "waiting" : "running";
}
