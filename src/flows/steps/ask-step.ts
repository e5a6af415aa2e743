import { foremanSchema, foremanTask, readVerdict } from "../../questions/foreman.ts";
import { defaultSettings } from "../../questions/routing.ts";
import { delegateTask } from "../../run/delegation.ts";
import type { Ask } from "../../run/plan.ts";
import type { RunTools } from "../../run/ports.ts";
import type { Job, StepEnd, Work } from "../work.ts";
import { plainAsk } from "./agent-ask.ts";
import { endOfDecision, endOfForeman, waitForPerson } from "./ask-end.ts";
import { foremanQuestion } from "./foreman-question.ts";
import { stayWithRun } from "./run-life.ts";
import { usageOf } from "./run-usage.ts";

type AskWork = Extract<Work, { kind: "ask" }>;

/** Carries out a question: what somebody has decided counts; else the foreman is asked, and then a person. */
export async function carryOutAsk(
  job: Job,
  work: AskWork,
  tools: RunTools,
  signal: AbortSignal,
): Promise<StepEnd> {
  if (job.decision !== null) return endOfDecision(work, job.decision);
  if (work.foreman === null) return waitForPerson(work, null);
  return askForeman(job, work, work.foreman, tools, signal);
}

/** The foreman's answer is a run of its own, taken up again by the id that this execution has. */
async function askForeman(
  job: Job,
  work: AskWork,
  foreman: string,
  tools: RunTools,
  signal: AbortSignal,
): Promise<StepEnd> {
  const question = foremanQuestion(work, job.flowRunId);
  const ask: Ask = {
    ...plainAsk(job, tools.config),
    agent: foreman,
    task: foremanTask({ question, task: null, discussion: null }),
    dataSchema: foremanSchema(question),
    doesDeliver: false,
  };
  // A foreman that asks in its turn would have nobody to ask.
  const ownTools: RunTools = { ...tools, onQuestion: "refuse" };
  const outcome = await stayWithRun(job, tools, signal, (leaving) =>
    delegateTask(ask, ownTools, "outcome", leaving),
  );
  if (signal.aborted) return { end: "canceled" };
  const { confidence } = tools.config.questions ?? defaultSettings;
  const verdict = outcome.error === undefined ? readVerdict(question, outcome, confidence) : null;
  if (verdict === null) {
    const why = outcome.error?.message ?? "what it handed over is no answer";
    tools.warn(`the foreman ${foreman} could not answer ${job.key} of ${job.flowRunId}: ${why}`);
  }
  const usage = usageOf(outcome);
  return endOfForeman(
    work,
    verdict === null ? null : { text: verdict.answer, isSure: verdict.isSure, by: foreman, usage },
  );
}
