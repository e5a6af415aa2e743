import { sinceAtMs } from "../../follow/since.ts";
import { pruneRuns } from "../../run/prune.ts";
import type { Command } from "../command.ts";
import { reportFailure, reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

/** `delegate prune --older-than <time>`: removes runs that ended long ago. */
export async function runPrune(
  command: Command & { name: "prune" },
  shell: Shell,
): Promise<number> {
  const config = configFor(shell, command);
  if (!config.ok) return reportFailure(config.failure, shell);
  const before = sinceAtMs(command.olderThan, shell.clock.nowMs());
  const { removed, kept } = pruneRuns(config.value.handoffDir, before, command.isDryRun);
  if (command.isJson) reportJson({ dryRun: command.isDryRun, removed, kept }, shell);
  else {
    for (const runId of removed) shell.stdout.write(`${runId}\n`);
    shell.stderr.write(
      `delegate: ${removed.length} ${command.isDryRun ? "would be removed" : "removed"}, ${kept} kept\n`,
    );
  }
  return 0;
}
