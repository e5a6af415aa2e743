import type { Evaluator } from "./evaluator.ts";
import { createRendering } from "./rendering.ts";
import type { Outcome } from "./rendering.ts";
import { rootSight, sightWithin } from "./tree/sight.ts";
import type { FlowTree } from "./tree/tree.ts";

/** The report of a flow run from what its steps have given so far; null when its flow has none. */
export function reportOf(
  { request, root }: FlowTree,
  evaluator: Evaluator,
): Outcome<string | null> {
  const { report } = request.flow;
  if (report === null) return { ok: true, value: null };
  const rendering = createRendering(evaluator, sightWithin(rootSight(request), root));
  return rendering.outcome(rendering.text("report", report));
}
