import type { Usage } from "../../handoff/document.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { StepUsage } from "../work.ts";

/** A run that was refused before it began has cost nothing; what an agent does not say is unknown. */
export function usageOf({ usage, attempts, error }: Outcome): StepUsage {
  if (error !== undefined && attempts === undefined) return { costUsd: 0, tokens: 0 };
  return { costUsd: usage?.costUsd ?? null, tokens: tokensOf(usage ?? {}) };
}

function tokensOf({ inputTokens, outputTokens }: Usage): number | null {
  return inputTokens === undefined || outputTokens === undefined
    ? null
    : inputTokens + outputTokens;
}
