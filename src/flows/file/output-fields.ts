import type { StepKind } from "./keys.ts";

/** What each settled step shows, whatever its kind. */
const ofAll = ["status", "because", "failure", "outputs", "files"] as const;

const ofKind: Readonly<Record<StepKind, readonly string[]>> = {
  agent: [
    "result",
    "data",
    "deliverable",
    "artifacts",
    "handoff",
    "confidence",
    "usage",
    "runId",
    "agent",
  ],
  run: ["exitCode", "stdout", "stderr"],
  approve: ["approved", "by", "note"],
  ask: ["answer", "by"],
  loop: ["iterations", "done", "steps"],
  "for-each": ["count", "failed", "items"],
  flow: ["report", "steps"],
};

/** What `steps.<id>` has for a step of this kind. */
export function outputFields(kind: StepKind): readonly string[] {
  return [...ofAll, ...ofKind[kind]];
}
