import type { FlowState } from "../../flows/flow-run.ts";
import { openQuestionsIn } from "../../flows/steps/open-questions.ts";
import type { TaskKey } from "../../flows/task.ts";
import type { Flows } from "./open-flows.ts";

/** A step that waits for answers to the questions of its agent's run. */
export interface AnswerlessStep {
  readonly key: TaskKey;
  readonly runId: string;
}

/** The steps of a flow run that wait for such answers. */
export function answerlessSteps({ tasks }: FlowState): readonly AnswerlessStep[] {
  return [...tasks.values()].flatMap((task) =>
    task.status === "waiting" && task.waiting.kind === "agent_questions"
      ? [{ key: task.key, runId: task.waiting.runId }]
      : [],
  );
}

/** Lets those steps go on whose agents have all their answers; the value is the others. */
export async function resumeAnswered(
  flowRunId: string,
  steps: readonly AnswerlessStep[],
  { config, store }: Flows,
): Promise<readonly AnswerlessStep[]> {
  const isOpen = ({ runId }: AnswerlessStep): boolean =>
    (openQuestionsIn(runId, config.handoffDir) ?? []).length > 0;
  for (const { key } of steps.filter((step) => !isOpen(step)))
    await store.signal(flowRunId, { kind: "decide", key, decision: { kind: "resumed" } });
  return steps.filter(isOpen);
}
