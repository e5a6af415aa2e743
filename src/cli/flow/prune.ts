import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../../failure.ts";
import { flowsFolder } from "../../flows/steps/step-folder.ts";
import { sinceAtMs } from "../../follow/since.ts";
import { runIdPattern } from "../../handoff/paths.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowPruneCommand } from "./command.ts";
import { withFlows } from "./open-flows.ts";

/** `delegate flow prune --older-than <time>`: removes flow runs that ended long ago, with the files of their steps. */
export async function pruneFlowRuns(command: FlowPruneCommand, shell: Shell): Promise<number> {
  const { isJson, isDryRun, isQuiet } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlows(command, shell, refuse, async ({ store, config }) => {
    const before = sinceAtMs(command.olderThan, shell.clock.nowMs());
    const removed = await store.prune(before, isDryRun);
    if (!removed.ok) return refuse(removed.failure);
    if (!isDryRun) for (const flowRunId of removed.value) removeFiles(flowRunId, config.handoffDir);
    if (isJson) reportJson({ dryRun: isDryRun, removed: removed.value }, shell);
    else for (const flowRunId of removed.value) shell.stdout.write(`${flowRunId}\n`);
    if (!isJson && !isQuiet) {
      const what = isDryRun ? "would be removed" : "removed";
      shell.stderr.write(`delegate: ${removed.value.length} ${what}\n`);
    }
    return 0;
  });
}

/** Only such ids are ours; another must not lead into another folder. */
function removeFiles(flowRunId: string, handoffDir: string): void {
  if (!runIdPattern.test(flowRunId)) return;
  rmSync(join(flowsFolder(handoffDir), flowRunId), { recursive: true, force: true });
}
