import { sinceAtMs } from "../../follow/since.ts";
import { pruneRuns } from "../../run/prune.ts";
import type { Command } from "../command.ts";
import { liveFlows } from "../flow/live-flows.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate prune --older-than <time>`: removes runs that ended long ago, unless a flow run still needs them. */
export async function runPrune(
  command: Command & { name: "prune" },
  shell: Shell,
): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const live = await liveFlows(config.value, shell);
  if (!live.ok) return reportRefusal(live.failure, command.isJson, shell);
  const { removed, kept } = pruneRuns(config.value.handoffDir, {
    endedBeforeMs: sinceAtMs(command.olderThan, shell.clock.nowMs()),
    isDryRun: command.isDryRun,
    liveWorkflows: live.value,
  });
  if (command.isJson) reportJson({ dryRun: command.isDryRun, removed, kept }, shell);
  else {
    for (const runId of removed) shell.stdout.write(`${runId}\n`);
    if (command.isQuiet) return 0;
    shell.stderr.write(
      `delegate: ${removed.length} ${command.isDryRun ? "would be removed" : "removed"}, ${kept} kept\n`,
    );
  }
  return 0;
}
