import type { FlowRequest, FlowState } from "../../flows/flow-run.ts";
import type { Task, TaskKey } from "../../flows/task.ts";
import { runAtWork } from "../../flows/tasks/run-at-work.ts";
import type { Asking } from "../../flows/view/asking.ts";
import { askingOf, askingOfAgent } from "../../flows/view/asking.ts";
import type { ListedQuestion } from "../../run/questions/question-list.ts";
import { listOpenQuestions } from "../../run/questions/question-list.ts";

/** A step with what it wants of people. */
export interface WantedStep {
  readonly key: TaskKey;
  readonly asking: Asking;
}

/** Everything that a flow run wants of people now, with the questions of its agents as they stand on this machine. */
export function peopleWanted(
  { request, tasks }: FlowState,
  handoffDir: string,
): readonly WantedStep[] {
  const all = [...tasks.values()];
  const mayAsk = all.some((task) => runThatMayAsk(task, request) !== null);
  const open = mayAsk ? listOpenQuestions(handoffDir) : [];
  return all.flatMap((task) =>
    askingsOf(task, request, open).map((asking) => ({ key: task.key, asking })),
  );
}

function askingsOf(
  task: Task,
  request: FlowRequest,
  open: readonly ListedQuestion[],
): readonly Asking[] {
  const runId = runThatMayAsk(task, request);
  const asked = open.filter(({ question }) => question.runId === runId);
  if (asked.length > 0)
    return asked.map(({ question, proposal }) => askingOfAgent(task.key, question, proposal));
  const asking = askingOf(task, request.flowRunId);
  return asking === null ? [] : [asking];
}

/** The run of an agent that waits for answers, or that may ask while it is at work; null when there is none. */
function runThatMayAsk(task: Task, request: FlowRequest): string | null {
  if (task.status === "waiting" && task.waiting.kind === "agent_questions")
    return task.waiting.runId;
  return runAtWork(task, request);
}
