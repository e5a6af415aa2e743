import type { Expectation } from "../../src/handoff/rules.ts";

/** A handoff that has nothing wrong, with some fields changed; an undefined one is left out. */
export function handoff(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schemaVersion: "1.1",
    runId: "run-1",
    agent: "coder",
    status: "complete",
    result: "done, as asked",
    deliverable: { type: "analysis", title: "T", path: null, summary: "a summary" },
    artifacts: [],
    confidence: "high",
    notes: "",
    timestamp: "2026-01-31T12:00:00Z",
    ...changes,
  };
}

/** What a handoff of `run-1` by `coder` is held against. */
export function expecting(changes: Partial<Expectation> = {}): Expectation {
  return { runId: "run-1", agent: "coder", validation: "strict", checkData: null, ...changes };
}

/** The bytes of a text, or of a value as JSON. */
export function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}
