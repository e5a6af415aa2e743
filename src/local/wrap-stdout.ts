import type { Fields } from "../json/fields.ts";
import { parseFields } from "../json/fields.ts";
import { finalStatuses, HANDOFF_SCHEMA_VERSION } from "../handoff/document.ts";
import { firstLine } from "./plain-text.ts";

/** Who hands over, and when. */
export interface HandoffOrigin {
  readonly runId: string;
  readonly agent: string;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** A handoff as it is written down; the agent's own may hold anything besides. */
export type HandoffDraft = Fields;

/** The handoff that a command printed, or what it printed wrapped into one. */
export function wrapStdout(text: string, origin: HandoffOrigin): HandoffDraft {
  const printed = findPrintedHandoff(text);
  const base = { schemaVersion: HANDOFF_SCHEMA_VERSION, ...origin };
  if (printed !== null) return { ...base, ...printed };
  const result = text.trim();
  return {
    ...base,
    status: "complete",
    result,
    deliverable: {
      type: "document",
      title: firstLine(result, 80),
      path: null,
      summary: firstLine(result, 200),
    },
    artifacts: [],
    confidence: "medium",
    notes: "",
  };
}

/** The handoff when the text is one, or holds exactly one fenced block and that is one. */
function findPrintedHandoff(text: string): HandoffDraft | null {
  const whole = parseHandoff(text);
  if (whole !== null) return whole;
  const blocks = [...text.matchAll(/^[ \t]*```json[ \t]*\n([\s\S]*?)\n[ \t]*```[ \t]*$/gm)];
  const [only, ...others] = blocks.map(([, block = ""]) => block);
  return only === undefined || others.length > 0 ? null : parseHandoff(only);
}

function parseHandoff(text: string): HandoffDraft | null {
  const value = parseFields(text);
  return finalStatuses.some((status) => status === value?.["status"]) ? value : null;
}
