import type { FlowEnd } from "../flow-run.ts";
import { bugFailure } from "../step-failure.ts";

/** How a flow run ends on which nothing can be decided. */
export function bugEnd(error: unknown): Extract<FlowEnd, { status: "failed" }> {
  return { status: "failed", key: "", failure: bugFailure(error) };
}
