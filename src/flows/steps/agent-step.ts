import type { RunEvent, Sink } from "../../events/event.ts";
import { runPaths } from "../../handoff/paths.ts";
import { awaitRun, delegateTask } from "../../run/delegation.ts";
import { readEvents } from "../../run/stored/history.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { RunTools } from "../../run/ports.ts";
import type { Job, JobTools, StepEnd, Work } from "../work.ts";
import { askOf } from "./agent-ask.ts";
import { endOfRun } from "./agent-end.ts";
import { wasLostAtWork } from "./agent-loss.ts";
import { locateFiles } from "./locate-files.ts";
import { openQuestionsIn } from "./open-questions.ts";
import { stayWithRun } from "./run-life.ts";
import { storedFileAt } from "./stored-file.ts";

type AgentWork = Extract<Work, { kind: "agent" }>;

/** Carries out an agent step: one run, which is taken up and never begun again when its id is there already. */
export async function carryOutAgent(
  job: Job,
  work: AgentWork,
  tools: RunTools,
  { signal, report }: JobTools,
): Promise<StepEnd> {
  const { handoffDir } = tools.config;
  const ownTools: RunTools = {
    ...tools,
    sinks: [...tools.sinks, lastWordsTo(job.runId, report)],
    onQuestion: "exit",
  };
  const ask = askOf(job, work, tools.config);
  let isThere = job.decision?.kind === "resumed";
  for (;;) {
    const outcome = await stayWithRun(job, tools, signal, (leaving) =>
      isThere
        ? awaitRun(job.runId, ownTools, leaving, false)
        : delegateTask(ask, ownTools, "outcome", leaving),
    );
    if (isStopped(outcome, signal)) return { end: "canceled" };
    const questionIds =
      outcome.status === "blocked" ? openQuestionsIn(job.runId, handoffDir) : null;
    if (questionIds === null) {
      const paths = runPaths(handoffDir, job.runId);
      const end = endOfRun(await locateFiles(outcome), () => storedFileAt(paths.handoff));
      const isOurs = tools.config.agents[work.agent]?.kind === "command";
      return end.end === "failed" && isOurs && wasLostAtWork(readEvents(paths.events).events)
        ? { ...end, isCutOff: true }
        : end;
    }
    if (questionIds.length > 0)
      return {
        end: "waiting",
        waiting: { kind: "agent_questions", runId: job.runId, questionIds },
      };
    // Answered in the meantime, so that it can go on at once.
    isThere = true;
  }
}

/** Whether a run has no outcome of its own because its step was to stop. */
function isStopped({ error }: Outcome, signal: AbortSignal): boolean {
  return signal.aborted && (error?.code === "interrupted" || error?.code === "canceled");
}

/** An agent may stay for the answers to what it asks: then its step does not wait, and nothing else tells of it. */
function lastWordsIn(event: RunEvent): string | null {
  switch (event.type) {
    case "agent_working":
      return event.text;
    case "question_opened":
      return `asks (delegate answer ${event.questionId}): ${event.text}`;
    case "question_proposed":
      return `asks (delegate answer ${event.questionId}); ${event.by} proposes: ${event.proposal}`;
    case "question_referred":
      return `asks (delegate answer ${event.questionId}); ${event.by} could not answer: ${event.reason}`;
    case "question_escalated":
      return `${event.questionId} is still open and goes to ${event.to}`;
    case "question_answered":
      return `was answered: ${event.answer}`;
    case "question_skipped":
      return "is to decide by itself";
    default:
      return null;
  }
}

/** A foreman that is asked on the way has a run of its own, of which nothing is told here. */
function lastWordsTo(runId: string, report: (words: string) => void): Sink {
  return {
    record: (event) => {
      const words = event.runId === runId ? lastWordsIn(event) : null;
      if (words !== null) report(words);
    },
  };
}
