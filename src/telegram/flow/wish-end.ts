import type { FlowState } from "../../flows/flow-run.ts";
import type { Task } from "../../flows/task.ts";
import type { QuestionEnd } from "../question-end.ts";
import type { FlowProgress } from "./flow-progress.ts";
import { questionOfWanted, stepOfWanted } from "./wanted-steps.ts";
import type { Wanted } from "./wanted-steps.ts";

/** What is known of that for which people are wanted now. */
export interface WantedFacts {
  readonly state: FlowState;
  readonly wanted: readonly Wanted[];
  /** How an agent's question was closed, or null. */
  readonly answerOf: (questionId: string) => QuestionEnd | null;
}

/** How that for which people were wanted has come to its end. */
export function endOfWish(
  id: string,
  { view, decisions }: FlowProgress,
  { state, wanted, answerOf }: WantedFacts,
): QuestionEnd {
  const otherwise: QuestionEnd = { kind: view.end === null ? "not_needed" : "run_over" };
  const taskKey = stepOfWanted(id);
  if (taskKey === null) return endOfQuestion(questionOfWanted(id), wanted, answerOf) ?? otherwise;
  if (wanted.some((one) => one.kind === "step" && one.taskKey === taskKey))
    return { kind: "asked_anew" };
  const made = decisions.get(taskKey);
  if (made === undefined) return otherwise;
  const { decision, by, note } = made;
  const text = answerTo(state.tasks.get(taskKey));
  return text === null
    ? { kind: "decided", decision, by, note }
    : { kind: "answered", text, by, onProposalOf: null };
}

function endOfQuestion(
  questionId: string,
  wanted: readonly Wanted[],
  answerOf: WantedFacts["answerOf"],
): QuestionEnd | null {
  const isOpen = wanted.some((one) => one.kind !== "step" && one.questionId === questionId);
  return isOpen ? { kind: "asked_anew" } : answerOf(questionId);
}

/** What was answered, as far as that is known. */
function answerTo(task: Task | undefined): string | null {
  if (task === undefined || !("work" in task || task.status === "done")) return null;
  if (task.status === "done") {
    const { answer } = task.output;
    if (answer === undefined || answer === null) return null;
    return typeof answer === "string" ? answer : JSON.stringify(answer);
  }
  const decision = "decision" in task ? task.decision : null;
  return decision?.kind === "answered" ? decision.answer : null;
}
