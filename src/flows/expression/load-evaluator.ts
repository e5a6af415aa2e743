import type { Evaluator } from "../evaluator.ts";

/** What gives expressions their values; loading it takes a while. */
export async function loadEvaluator(): Promise<Evaluator> {
  const { createEvaluator } = await import("./evaluator.ts");
  return createEvaluator();
}
