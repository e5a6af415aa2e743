import type { FlowState } from "../../flows/flow-run.ts";
import type { Task } from "../../flows/task.ts";
import type { QuestionEnd } from "../question-end.ts";
import type { FlowProgress } from "./flow-progress.ts";
import { questionOfWanted, stepOfWanted, wantedIn } from "./wanted-steps.ts";

/** How that for which people were wanted has come to its end; `answerOf` knows the questions of agents. */
export function endOfWish(
  id: string,
  { view, decisions }: FlowProgress,
  state: FlowState,
  answerOf: (questionId: string) => QuestionEnd | null,
): QuestionEnd {
  const otherwise: QuestionEnd = { kind: view.end === null ? "not_needed" : "run_over" };
  const taskKey = stepOfWanted(id);
  if (taskKey === null) return answerOf(questionOfWanted(id)) ?? otherwise;
  if (wantedIn(state).some((wanted) => wanted.taskKey === taskKey)) return { kind: "asked_anew" };
  const made = decisions.get(taskKey);
  if (made === undefined) return otherwise;
  const { decision, by, note } = made;
  const text = answerTo(state.tasks.get(taskKey));
  return text === null
    ? { kind: "decided", decision, by, note }
    : { kind: "answered", text, by, onProposalOf: null };
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
