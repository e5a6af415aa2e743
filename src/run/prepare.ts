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
import { runUnknown } from "./run-failures.ts";

/** Plans a delegation: reads the runs above it, checks the schema; does and writes nothing. */
export async function prepare(ask: Ask, tools: RunTools): Promise<Result<RunPlan>> {
  const checked = await compileDataCheck(ask.dataSchema);
  if (!checked.ok) return checked;
  const above = ask.isAppointed === true ? null : ask.parentRunId;
  const chain = readChain(above, tools.config.handoffDir, tools.config.maxDepth);
  if (!chain.ok) return chain;
  const nowMs = tools.clock.nowMs();
  return planRun(ask, tools.config, {
    newRunId: newRunId(nowMs, tools.randomBytes(RUN_ID_RANDOM_BYTES)),
    nowMs,
    createdBy: thisProcess(),
    chain: chain.value,
  });
}

/** The agents of the runs above, outermost first; read upwards until the top, or until it is too deep anyway. */
function readChain(
  parentRunId: string | null,
  handoffDir: string,
  maxDepth: number,
): Result<readonly string[]> {
  const chain: string[] = [];
  let above = parentRunId;
  while (above !== null && chain.length <= maxDepth) {
    const wrong = findIdProblem(above, "parent run");
    if (wrong !== null) return failure(wrong);
    const read = readRequest(runPaths(handoffDir, above));
    if (!read.ok) return read;
    if (read.value === null) return failure(parentUnknown(above, handoffDir));
    chain.unshift(read.value.agent);
    above = read.value.parentRunId;
  }
  return success(chain);
}

function parentUnknown(runId: string, handoffDir: string): Failure {
  const { code, message } = runUnknown(runId, handoffDir);
  return {
    code,
    message: `the parent run is not known: ${message}`,
    hint: "correct --parent, or unset DELEGATE_PARENT_RUN",
  };
}
