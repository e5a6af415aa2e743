import type { Failure } from "../../failure.ts";
import { bytesOfFlowFiles, removeFlowFiles } from "../../flows/steps/flow-files.ts";
import { sinceAtMs } from "../../follow/since.ts";
import { messageOf } from "../../thrown.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowPruneCommand } from "./command.ts";
import { withFlows } from "./open-flows.ts";
import { sizeWords } from "./size-words.ts";

/** `delegate flow prune --older-than <time>`: removes flow runs that ended long ago, with the files of their steps. */
export async function pruneFlowRuns(command: FlowPruneCommand, shell: Shell): Promise<number> {
  const { isJson, isDryRun, isQuiet } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlows(command, shell, refuse, async ({ store, config }) => {
    const before = sinceAtMs(command.olderThan, shell.clock.nowMs());
    const removed = await store.prune(before, isDryRun);
    if (!removed.ok) return refuse(removed.failure);
    const { bytes, left } = clear(removed.value, config.handoffDir, isDryRun);
    if (isJson) reportJson({ dryRun: isDryRun, removed: removed.value, bytes }, shell);
    else for (const flowRunId of removed.value) shell.stdout.write(`${flowRunId}\n`);
    if (!isJson && !isQuiet) {
      const what = isDryRun ? "would be removed" : "removed";
      const size = bytes === 0 ? "" : `, with ${sizeWords(bytes)} of files`;
      shell.stderr.write(`delegate: ${removed.value.length} ${what}${size}\n`);
    }
    for (const why of left) shell.stderr.write(`delegate: ${why}\n`);
    return 0;
  });
}

/** How many bytes of files there were, and which could not be removed. */
function clear(flowRunIds: readonly string[], handoffDir: string, isDryRun: boolean) {
  const left: string[] = [];
  let bytes = 0;
  for (const flowRunId of flowRunIds) {
    try {
      const found = bytesOfFlowFiles(handoffDir, flowRunId);
      if (!isDryRun) removeFlowFiles(handoffDir, flowRunId);
      bytes += found;
    } catch (error) {
      const why = messageOf(error);
      left.push(`the files of ${flowRunId} are still there: ${why}; remove them yourself`);
    }
  }
  return { bytes, left };
}
