import type { FlowOutcome } from "../../flows/outcome.ts";
import { MESSAGE_CHARACTERS, escapeLine, escapeToFit } from "../html.ts";
import { endingLine, subjectLine } from "./flow-lines.ts";
import type { FlowProgress } from "./flow-progress.ts";

/** The message that tells how a flow run ended: its report, or why it came to nothing, and how to see more. */
export function flowOutcomeText(progress: FlowProgress, outcome: FlowOutcome | null): string {
  const error = outcome?.error;
  const head = [
    endingLine(progress),
    subjectLine(progress),
    ...(error === undefined
      ? []
      : ["", escapeLine(error.message, 800), `→ ${escapeLine(error.hint, 600)}`]),
  ].join("\n");
  const foot = `More: <code>delegate flow show ${escapeLine(progress.request.flowRunId, 130)}</code>`;
  const report = outcome?.report ?? "";
  if (report.trim() === "") return `${head}\n\n${foot}`;
  const room = MESSAGE_CHARACTERS - head.length - foot.length - 60;
  return `${head}\n\n<blockquote expandable>${escapeToFit(report, room)}</blockquote>\n\n${foot}`;
}
