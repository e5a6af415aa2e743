import { appendFileSync } from "node:fs";
import { toIso } from "../../clock.ts";
import type { Config } from "../../config/config.ts";
import { runPaths } from "../../handoff/paths.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";

/** Says on stderr what went wrong with telling of a run, and notes it beside the run for when nobody looks there. */
export function warnOfNotice(
  message: string,
  runId: string | null,
  { handoffDir }: Config,
  { clock, stderr }: Pick<Shell, "clock" | "stderr">,
): void {
  const line = plainLine(message);
  stderr.write(`delegate: ${line}\n`);
  if (runId === null) return;
  try {
    const path = `${runPaths(handoffDir, runId).folder}/notify.log`;
    appendFileSync(path, `${toIso(clock.nowMs())} ${line}\n`, { mode: 0o600 });
  } catch {
    // It has been said; a full disk is told of elsewhere.
  }
}
