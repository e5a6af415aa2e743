/** A handoff as a careful agent writes it, as text. */
export function goodHandoff(runId: string): string {
  return `${JSON.stringify(
    {
      schemaVersion: "1.1",
      runId,
      status: "complete",
      result: "The report has three parts; the second one needs a source.",
      deliverable: { type: "analysis", title: "Report", path: null, summary: "Three parts read." },
      artifacts: [],
      confidence: "high",
      notes: "",
      timestamp: "2026-01-31T12:00:00Z",
    },
    null,
    2,
  )}\n`;
}
