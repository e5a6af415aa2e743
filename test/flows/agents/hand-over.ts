/** What an agent of the tests has to say. */
export interface Said {
  readonly type: "code" | "review" | "analysis";
  readonly result: string;
  readonly data: object;
}

/** Hands over by printing; runs that tell what they use can be paid for from a budget. */
export function handOver({ type, result, data }: Said): void {
  const handoff = {
    status: "complete",
    result,
    deliverable: { type, title: result.slice(0, 60), path: null, summary: result },
    artifacts: [],
    confidence: "high",
    notes: "",
    data,
    usage: { inputTokens: 100, outputTokens: 20, costUsd: 0.01 },
  };
  process.stdout.write(`${JSON.stringify(handoff)}\n`);
}

/** Hands over that it can't be done. */
export function giveUp(result: string): void {
  process.stdout.write(`${JSON.stringify({ status: "failed", result, confidence: "high" })}\n`);
}
