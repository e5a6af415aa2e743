import { parseFields } from "../json/fields.ts";

/** The run that a request wants ended, or null when its body names none. */
export function readCanceledRun(body: string): string | null {
  const runId = parseFields(body)?.["runId"];
  return typeof runId === "string" ? runId : null;
}
