import type { Config } from "../../config/config.ts";
import { runIdPattern } from "../../handoff/paths.ts";
import type { Ask } from "../../run/plan.ts";
import type { Job, Work } from "../work.ts";

/** What is asked of the agent of a step: a run like any other, under an id that the same execution has again. */
export function askOf(job: Job, work: Extract<Work, { kind: "agent" }>, config: Config): Ask {
  return {
    ...plainAsk(job, config),
    agent: work.agent,
    task: work.task,
    mode: work.mode,
    attempts: work.attempts,
    timeoutMs: work.timeoutMs,
    idleTimeoutMs: work.idleTimeoutMs,
    dataSchema: work.dataSchema,
  };
}

/** What all runs of a flow run's steps have in common. */
export function plainAsk(job: Job, config: Config): Omit<Ask, "agent" | "task"> {
  return {
    context: [],
    caller: callerOf(job.author, config),
    parentRunId: job.parentRunId ?? null,
    runId: job.runId,
    workflowRunId: job.flowRunId,
    // A key deep inside a flow can be longer than an id may be.
    stepId: runIdPattern.test(job.key) ? job.key : job.stepId,
    attempts: null,
    timeoutMs: null,
    deadlineMs: null,
    idleTimeoutMs: null,
    validation: "strict",
    dataSchema: null,
    doesDeliver: true,
    checksHealth: true,
  };
}

/** Who started the flow run delegates: the agent of this name, or a person, for whom no agent may be needed. */
export function callerOf(author: string, { agents, acl }: Config): string | null {
  return Object.hasOwn(agents, author) || Object.hasOwn(acl, author) ? author : null;
}
