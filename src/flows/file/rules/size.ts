import type { Flow } from "../../flow.ts";
import { complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { countSteps } from "../count-steps.ts";

/** With other flows in it, more than this would be copied into every run. */
const MOST_STEPS = 2000;

/** A flow that is too much with all the flows in it. */
export function checkSize({ steps }: Flow): readonly Complaint[] {
  const count = countSteps(steps);
  if (count <= MOST_STEPS) return [];
  const message = `with the flows in it there are ${count} steps, and ${MOST_STEPS} are possible`;
  return [complainOfKey("/steps", message)];
}
