import type { RunHappening } from "../../events/event.ts";
import { unreachable } from "../../unreachable.ts";
import type { QuestionState, RunState } from "./state.ts";
import { attemptsBegun, openQuestionsOf } from "./state.ts";

/** The state after something has happened with one of the run's questions. */
export function applyToQuestions(
  state: RunState,
  happening: Extract<RunHappening, { questionId: string }>,
  atMs: number,
): RunState {
  const { questionId } = happening;
  switch (happening.type) {
    case "question_opened":
      return openQuestion(state, happening, atMs);
    case "question_proposed":
      return changeQuestion(state, questionId, ({ proposals }) => ({ proposals: proposals + 1 }));
    case "question_referred":
      return changeQuestion(state, questionId, () => ({ isReferred: true }));
    case "question_escalated":
      return changeQuestion(state, questionId, ({ escalations }) => ({
        escalations: escalations + 1,
      }));
    case "question_answered":
      return closeQuestion(state, questionId, { text: happening.answer, by: happening.by }, atMs);
    case "question_skipped":
      return closeQuestion(state, questionId, { text: null, by: happening.by }, atMs);
    default:
      return unreachable(happening);
  }
}

/** The state once an agent has handed over as blocked. */
export function beginAsking(state: RunState, blockedAttempt: number): RunState {
  const { createdAtMs, lastFailure, lastWords, lastPercent, questions } = state;
  const asked = openQuestionsOf(state).filter(({ attempt }) => attempt === blockedAttempt);
  return {
    createdAtMs,
    lastFailure,
    lastWords,
    lastPercent,
    questions,
    blockedAttempts: [...state.blockedAttempts, blockedAttempt],
    phase: "asking",
    attempt: attemptsBegun(state),
    questionIds: asked.map(({ id }) => id),
  };
}

function openQuestion(
  state: RunState,
  { questionId: id, attempt, text }: RunHappening & { type: "question_opened" },
  atMs: number,
): RunState {
  const progress = { askedAtMs: atMs, proposals: 0, isReferred: false, escalations: 0, end: null };
  const question = { id, attempt, text, ...progress };
  const opened = withSign({ ...state, questions: [...state.questions, question] }, atMs);
  return opened.phase === "asking" && attempt === opened.blockedAttempts.at(-1)
    ? { ...opened, questionIds: [...opened.questionIds, id] }
    : opened;
}

function closeQuestion(
  state: RunState,
  questionId: string,
  end: QuestionState["end"],
  atMs: number,
): RunState {
  return withSign(
    changeQuestion(state, questionId, () => ({ end })),
    atMs,
  );
}

function changeQuestion(
  state: RunState,
  questionId: string,
  change: (question: QuestionState) => Partial<QuestionState>,
): RunState {
  const questions = state.questions.map((question) =>
    question.id === questionId ? { ...question, ...change(question) } : question,
  );
  return { ...state, questions };
}

/** Who asks is alive, and who has just got an answer needs time to use it. */
function withSign(state: RunState, atMs: number): RunState {
  return state.phase === "waiting" ? { ...state, signAtMs: atMs } : state;
}
