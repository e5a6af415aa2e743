import type { RunHappening } from "../../events/event.ts";
import type { Handoff } from "../../handoff/document.ts";
import { MAX_QUESTION_ROUNDS } from "../../handoff/paths.ts";
import type { Answer, Question } from "../../questions/question.ts";
import { ended, endRun } from "./ending.ts";
import type { Surroundings } from "./ending.ts";
import * as words from "../failures/question-failures.ts";
import type { RunState } from "./state.ts";
import { applyHappening } from "./apply-happening.ts";
import { attemptsBegun, openQuestionsOf } from "./state.ts";

/** Whether a blocked handoff of this attempt lets the run ask, and go on afterwards. */
export function mayAsk(state: RunState, attempt: number): boolean {
  if (state.phase === "ended" || state.blockedAttempts.includes(attempt)) return false;
  return !isOvertaken(state, attempt) && state.blockedAttempts.length < MAX_QUESTION_ROUNDS;
}

/** What follows from a blocked handoff; its questions are those that were opened for it. */
export function decideBlocked(
  state: RunState,
  attempt: number,
  { handoff, questions }: { readonly handoff: Handoff; readonly questions: readonly Question[] },
  isLate: boolean,
  around: Surroundings,
): readonly RunHappening[] {
  // What asks already need not be asked again: the file was only looked at once more.
  if (state.phase === "asking" || state.blockedAttempts.includes(attempt)) return [];
  const accepted = { type: "handoff_accepted", attempt, status: "blocked", isLate } as const;
  const asked = openQuestionsOf(state).filter((question) => question.attempt === attempt);
  if (!mayAsk(state, attempt) || questions.length + asked.length === 0) {
    const isWorn = state.blockedAttempts.length >= MAX_QUESTION_ROUNDS;
    const reason = isWorn
      ? words.askedTooOften(around, handoff, MAX_QUESTION_ROUNDS)
      : words.blocked(around, handoff);
    return [accepted, ended(state, "blocked", reason, around)];
  }
  const opened = questions.filter((question) => !isKnown(state, question.id)).map(openingOf);
  return goOn(state, [accepted, ...opened], around);
}

/** A question that was asked from inside a running attempt, or whose opening was not written down. */
export function decideQuestion(state: RunState, question: Question): readonly RunHappening[] {
  if (state.phase === "ended" || isKnown(state, question.id)) return [];
  return [openingOf(question)];
}

/** What follows from an answer. */
export function decideAnswer(
  state: RunState,
  answer: Answer,
  around: Surroundings,
): readonly RunHappening[] {
  const isOpen = openQuestionsOf(state).some(({ id }) => id === answer.questionId);
  if (state.phase === "ended" || !isOpen) return [];
  return goOn(state, [closingOf(answer)], around);
}

/** What the clock has to do with a run that asks: nothing, unless it should not be asking any more. */
export function decideAsking(
  state: RunState & { phase: "asking" },
  around: Surroundings,
): readonly RunHappening[] {
  return state.questionIds.length === 0
    ? endRun(state, words.askedNothing(around), around)
    : goOn(state, [], around);
}

/** Whether the run waits for answers that are not there yet. */
export function isUnanswered(state: RunState): boolean {
  if (state.phase !== "asking") return false;
  const open = new Set(openQuestionsOf(state).map(({ id }) => id));
  return state.questionIds.some((id) => open.has(id));
}

/** With a new attempt, as soon as nothing is open any more. */
function goOn(
  state: RunState,
  happenings: readonly RunHappening[],
  { nowMs }: Surroundings,
): readonly RunHappening[] {
  const after = happenings.reduce(
    (before, happening) => applyHappening(before, happening, nowMs),
    state,
  );
  return after.phase === "asking" && !isUnanswered(after)
    ? [...happenings, { type: "attempt_started", attempt: after.attempt + 1 }]
    : happenings;
}

/** Whether a newer attempt is under way, which will ask by itself. */
function isOvertaken(state: RunState, attempt: number): boolean {
  return state.phase === "asking" || (state.phase !== "resting" && attempt < attemptsBegun(state));
}

function isKnown({ questions }: RunState, id: string): boolean {
  return questions.some((question) => question.id === id);
}

function openingOf(question: Question): RunHappening {
  const { id: questionId, attempt, text, options, allowsFreeText: freeText, askedBy } = question;
  return { type: "question_opened", questionId, attempt, text, options, freeText, askedBy };
}

function closingOf({ kind, questionId, text, by, channel, onProposalOf }: Answer): RunHappening {
  return kind === "skipped"
    ? { type: "question_skipped", questionId, by }
    : { type: "question_answered", questionId, answer: text, by, channel, onProposalOf };
}
