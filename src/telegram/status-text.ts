import { unreachable } from "../unreachable.ts";
import { escapeLine } from "./html.ts";
import { endingLine } from "./outcome-text.ts";
import type { RunPhase, RunStatus } from "./run-status.ts";
import { spellTime } from "../text/time-span.ts";

/** The one message that shows a run, as Telegram's HTML. */
export function statusText(status: RunStatus, nowMs: number): string {
  const lines = [
    headline(status, nowMs),
    ...(status.task === "" ? [] : [`<i>${escapeLine(status.task, 400)}</i>`]),
    ...details(status),
    `<code>${escapeLine(status.runId, 200)}</code>`,
  ];
  return lines.join("\n");
}

/** Whether the message changes by time alone. */
export function isTicking({ phase, openQuestions }: RunStatus): boolean {
  if (phase.kind === "trying_again") return phase.dueAtMs !== null;
  return openQuestions.length === 0 && (phase.kind === "waiting" || phase.kind === "working");
}

function headline(status: RunStatus, nowMs: number): string {
  const { phase, openQuestions } = status;
  if (phase.kind === "ended") return endingLine(status, phase.ending);
  const agent = escapeLine(status.agent, 100);
  if (openQuestions.length > 0)
    return `❓ ${agent}: ${attemptOf(status)}asks and waits for an answer`;
  return `🔧 ${agent}: ${attemptOf(status)}${phaseWords(phase, nowMs)} …`;
}

/** A blocked run gets more attempts than were planned, and then there is no "of". */
function attemptOf({ attempt, attemptsInAll }: RunStatus): string {
  if (attempt === 0) return "";
  return attemptsInAll > 1 && attempt <= attemptsInAll
    ? `attempt ${attempt} of ${attemptsInAll}, `
    : `attempt ${attempt}, `;
}

function phaseWords(phase: Exclude<RunPhase, { kind: "ended" }>, nowMs: number): string {
  switch (phase.kind) {
    case "starting":
      return "starting";
    case "sending":
      return "sending";
    case "waiting":
      return `waiting ${spellTime(nowMs - phase.sinceMs)}`;
    case "working": {
      const percent = phase.percent === null ? "" : ` ${Math.round(phase.percent)} %,`;
      return `working${percent} ${spellTime(nowMs - phase.sinceMs)}`;
    }
    case "trying_again":
      return phase.dueAtMs === null || phase.dueAtMs <= nowMs
        ? "trying again"
        : `trying again in ${spellTime(phase.dueAtMs - nowMs)}`;
    default:
      return unreachable(phase);
  }
}

function details({ phase, openQuestions, isWatched }: RunStatus): readonly string[] {
  if (phase.kind === "ended") return [];
  const words =
    openQuestions.length > 0
      ? openQuestions.slice(0, 3).map(({ text }) => text)
      : phase.kind === "working"
        ? [phase.words]
        : phase.kind === "trying_again"
          ? [phase.reason]
          : [];
  return [
    ...words.filter((text) => text.trim() !== "").map((text) => `“${escapeLine(text, 600)}”`),
    ...(isWatched
      ? []
      : openQuestions.length > 0
        ? ["Nobody waits for the answer now."]
        : ["Nobody waits for it now; the work goes on."]),
  ];
}
