import { sinceAtMs } from "../../follow/since.ts";
import { pruneRuns } from "../../run/prune.ts";
import type { Command } from "../command.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate prune --older-than <time>`: removes runs that ended long ago. */
export async function runPrune(
  command: Command & { name: "prune" },
  shell: Shell,
): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const before = sinceAtMs(command.olderThan, shell.clock.nowMs());
  const { removed, kept } = pruneRuns(config.value.handoffDir, before, command.isDryRun);
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
