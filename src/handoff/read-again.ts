import { readHandoff } from "./check.ts";
import type { Handoff } from "./document.ts";
import { readHandoffFile } from "./read.ts";
import type { Expectation } from "./rules.ts";

/** A handoff that was accepted before, or null when it can't be read any more; not every rule is asked again. */
export function readHandoffAgain(
  path: string,
  { runId, agent }: Pick<Expectation, "runId" | "agent">,
): Handoff | null {
  const file = readHandoffFile(path);
  if (file.kind !== "read") return null;
  const expectation = { runId, agent, validation: "basic", checkData: null } as const;
  const reading = readHandoff(file.bytes, expectation);
  return reading.kind === "handoff" ? reading.handoff : null;
}
