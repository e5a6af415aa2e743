import { existsSync } from "node:fs";
import type { Config } from "../../config/config.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import { agentRunIdOf } from "../../flows/tasks/agent-run-id.ts";
import type { TaskKey } from "../../flows/task.ts";
import { runPaths } from "../../handoff/paths.ts";
import { readRequest } from "../../run/run-folder.ts";
import type { Shell } from "../shell.ts";
import { isTakenUp } from "./is-taken-up.ts";
import type { Flows } from "./open-flows.ts";
import { openFlowStore, storePath } from "../../flows/store/open-flow-store.ts";
import { answerlessSteps, resumeAnswered } from "./resume-answered.ts";

/** A flow run to one of whose steps a run belongs. */
export interface ToldFlow {
  readonly flowRunId: string;
  /** Whether somebody goes on with the step. */
  readonly isTakenUp: boolean;
}

/**
 * Lets the step of a flow run go on whose agent's run has got all its answers. Null when the run is no step of a flow
 * run that is under way.
 */
export async function tellFlow(
  runId: string,
  config: Config,
  env: Shell["env"],
): Promise<ToldFlow | null> {
  const request = readRequest(runPaths(config.handoffDir, runId));
  const flowRunId = request.ok ? (request.value?.workflowRunId ?? null) : null;
  if (flowRunId === null || (config.store === null && !existsSync(storePath(config)))) return null;
  const store = await openFlowStore(config, env);
  if (!store.ok) return null;
  try {
    return await tellIn(flowRunId, runId, { config, store: store.value });
  } finally {
    await store.value.close();
  }
}

async function tellIn(flowRunId: string, runId: string, flows: Flows): Promise<ToldFlow | null> {
  const state = await flows.store.read(flowRunId);
  if (!state.ok || state.value === null || state.value.end !== null) return null;
  const key = keyOfRun(state.value, runId);
  if (key === null) return null;
  const waiting = answerlessSteps(state.value).filter((step) => step.runId === runId);
  const left = await resumeAnswered(flowRunId, waiting, flows);
  // With questions still open there is nothing yet to take up.
  const takenUp = left.length > 0 || (await isTakenUp(flowRunId, key, flows.store));
  return { flowRunId, isTakenUp: takenUp };
}

/** The step that a run belongs to. */
function keyOfRun({ request, tasks }: FlowState, runId: string): TaskKey | null {
  for (const { key, attempt } of tasks.values())
    if (agentRunIdOf(request.flow, request.flowRunId, key, attempt) === runId) return key;
  return null;
}
