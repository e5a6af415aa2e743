import { existsSync } from "node:fs";
import type { Config } from "../../config/config.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import { agentRunIdOf } from "../../flows/tasks/agent-run-id.ts";
import type { Task } from "../../flows/task.ts";
import { runPaths } from "../../handoff/paths.ts";
import type { CancelWish } from "../../run/cancel.ts";
import { cancelRun } from "../../run/cancel.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";

/** Cancels the run of an agent step that nobody wants any more: its worker had left or died, and nobody else would. */
export async function endLeftRun(
  { flow, flowRunId }: FlowRequest,
  { key, attempt }: Task,
  wish: CancelWish,
  config: Config,
  shell: Shell,
): Promise<void> {
  const runId = agentRunIdOf(flow, flowRunId, key, attempt);
  if (!existsSync(runPaths(config.handoffDir, runId).request)) return;
  await cancelRun(runId, wish, runToolsFor(shell, config, []));
}
