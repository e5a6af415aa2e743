import { toIso } from "../../clock.ts";
import type { Handoff } from "../../handoff/document.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import type { Question } from "../../questions/question.ts";
import { createQuestion, readQuestions } from "./question-files.ts";

const MOST_CHARACTERS = 10_000;

/** A blocked handoff, and where it came from. */
export interface BlockedAttempt {
  readonly paths: RunPaths;
  readonly attempt: number;
  readonly agent: string;
  readonly handoff: Handoff;
}

/** Opens the questions of a blocked handoff; those that somebody has opened before stay as they are. */
export function openBlockedQuestions(
  { paths, attempt, agent, handoff }: BlockedAttempt,
  nowMs: number,
): readonly Question[] {
  // By a driver that died before it could say so, or for a list of questions.
  const before = readQuestions(paths).filter((question) => question.attempt === attempt);
  return (handoff.questions ?? []).flatMap(({ text, options = [], freeText = true }) => {
    const kept = text.trim().slice(0, MOST_CHARACTERS);
    const choices = [...new Set(options.map((option) => option.trim()))].filter(Boolean);
    const same = before.find((question) => question.text === kept);
    const question = {
      attempt,
      text: kept,
      options: choices,
      allowsFreeText: freeText || choices.length === 0,
      askedBy: agent,
      askedAt: toIso(nowMs),
    };
    return same ?? createQuestion(paths, question) ?? [];
  });
}
