import type { Config } from "../config/config.ts";
import type { Failure, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { runPaths } from "../handoff/paths.ts";
import { compileDataCheck } from "./data-check.ts";
import { newRunId, RUN_ID_RANDOM_BYTES } from "./ids.ts";
import { thisProcess } from "./process-identity.ts";
import type { Ask, RunPlan } from "./plan.ts";
import { findIdProblem, planRun } from "./plan.ts";
import type { RunTools } from "./ports.ts";
import { readRequest } from "./run-folder.ts";
import { runUnknown } from "./failures/run-failures.ts";

/** Plans a delegation: reads the runs above it, checks the schema; does and writes nothing. */
export async function prepare(ask: Ask, tools: RunTools): Promise<Result<RunPlan>> {
  const checked = await compileDataCheck(ask.dataSchema);
  if (!checked.ok) return checked;
  const above = ask.isAppointed === true ? null : ask.parentRunId;
  const chain = readChain(above, tools.config);
  if (!chain.ok) return chain;
  const nowMs = tools.clock.nowMs();
  const { agents, canOnlyRead } = chain.value;
  return planRun(canOnlyRead ? { ...ask, mode: "plan" } : ask, tools.config, {
    newRunId: newRunId(nowMs, tools.randomBytes(RUN_ID_RANDOM_BYTES)),
    nowMs,
    createdBy: thisProcess(),
    chain: agents,
  });
}

/** The runs above a run. */
export interface Chain {
  /** Outermost first. */
  readonly agents: readonly string[];
  /** Whether one of them may only read: then so may all that is delegated from within it. */
  readonly canOnlyRead: boolean;
}

/** Reads the runs above, upwards until the top, or until it is too deep anyway. */
export function readChain(
  parentRunId: string | null,
  { handoffDir, maxDepth, agents: known }: Pick<Config, "handoffDir" | "maxDepth" | "agents">,
): Result<Chain> {
  const agents: string[] = [];
  let canOnlyRead = false;
  let above = parentRunId;
  while (above !== null && agents.length <= maxDepth) {
    const wrong = findIdProblem(above, "parent run");
    if (wrong !== null) return failure(wrong);
    const read = readRequest(runPaths(handoffDir, above));
    if (!read.ok) return read;
    if (read.value === null) return failure(parentUnknown(above, handoffDir));
    const { agent, mode } = read.value;
    agents.unshift(agent);
    // Some only read because it was asked for, some because the config says so of them.
    canOnlyRead ||=
      mode === "plan" || (Object.hasOwn(known, agent) && known[agent]?.mode === "plan");
    above = read.value.parentRunId;
  }
  return success({ agents, canOnlyRead });
}

function parentUnknown(runId: string, handoffDir: string): Failure {
  const { code, message } = runUnknown(runId, handoffDir);
  return {
    code,
    message: `the parent run is not known: ${message}`,
    hint: "correct --parent, or unset DELEGATE_PARENT_RUN",
  };
}
