import type { OutcomeStatus } from "../failure.ts";
import { MESSAGE_CHARACTERS, escapeLine, escapeToFit } from "./html.ts";
import type { RunEnding, RunStatus } from "./run-status.ts";
import { spellTime } from "../text/time-span.ts";

const icons: Readonly<Record<OutcomeStatus, string>> = {
  complete: "✅",
  partial: "⚠️",
  blocked: "⚠️",
  sent: "🔧",
  failed: "❌",
  timeout: "❌",
  malformed: "❌",
  error: "❌",
  canceled: "⛔",
};

/** How a run ended, on one line. */
export function endingLine(status: RunStatus, ending: RunEnding): string {
  const icon = ending.code === "acl_denied" ? "⛔" : icons[ending.status];
  const { attempts } = ending;
  const count = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  return `${icon} ${escapeLine(status.agent, 100)}: ${ending.status} after ${count}, ${spellTime(ending.latencyMs)}`;
}

/** The message that tells how a run ended: what came of it, or why nothing did, and how to see more. */
export function outcomeText(status: RunStatus, ending: RunEnding, result: string | null): string {
  const head = [
    endingLine(status, ending),
    ...(status.task === "" ? [] : [`<i>${escapeLine(status.task, 400)}</i>`]),
    ...failureLines(ending),
  ].join("\n");
  const foot = `More: <code>delegate show ${escapeLine(status.runId, 200)}</code>`;
  if (result === null || result.trim() === "") return `${head}\n\n${foot}`;
  const room = MESSAGE_CHARACTERS - head.length - foot.length - 60;
  return `${head}\n\n<blockquote expandable>${escapeToFit(result, room)}</blockquote>\n\n${foot}`;
}

/** Why a process of ours ended in the middle of its work. */
export interface Crash {
  /** Which command, and what happened. */
  readonly text: string;
  /** What to do where the system is the reason, such as a full disk; null when it is a bug of ours. */
  readonly hint: string | null;
}

/** The message that tells of a crash, and of the run that it left behind, if there is one. */
export function crashText({ text, hint }: Crash, runId: string | null): string {
  const reason = hint === null ? " This is a bug of ours." : "";
  const toDo = hint === null ? "" : `\n→ ${escapeLine(hint, 300)}`;
  const crash = `💥 delegate itself failed.${reason}\n<code>${escapeToFit(text, 3_000)}</code>${toDo}`;
  return runId === null
    ? crash
    : `${crash}\nThe run goes on at <code>delegate wait ${escapeLine(runId, 200)}</code>`;
}

function failureLines({ failure }: RunEnding): readonly string[] {
  return failure === null
    ? []
    : ["", escapeLine(failure.message, 800), `→ ${escapeLine(failure.hint, 600)}`];
}
