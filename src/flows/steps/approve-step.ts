import { createHash } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import type { Job, StepEnd, Work } from "../work.ts";
import { endOfApproval } from "./approve-end.ts";
import type { Shown } from "./approve-end.ts";
import { endOfCommand, notStarted } from "./command-end.ts";
import { runStepCommand } from "./step-command.ts";
import type { StepCommandTools } from "./step-command.ts";

type ApproveWork = Extract<Work, { kind: "approve" }>;

/** How long a command that only shows something may take; the time of the step is for the people. */
const SHOW_TIMEOUT_MS = 300_000;

/** Carries out an approval: looks at what is to be shown, each time anew, and whether it has been approved. */
export async function carryOutApprove(
  job: Job,
  work: ApproveWork,
  tools: StepCommandTools,
  signal: AbortSignal,
): Promise<StepEnd> {
  if (work.show === null || job.decision?.kind === "rejected") {
    return endOfApproval(work, { text: null, digest: digestOf(work.message, "") }, job.decision);
  }
  const { line, env } = work.show;
  const asked = {
    command: line,
    cwd: null,
    env,
    stdin: null,
    timeoutMs: SHOW_TIMEOUT_MS,
    keeps: "beginning",
  } as const;
  const run = await runStepCommand(job, asked, tools, signal);
  if (!run.ok) return notStarted(run.failure.message, run.failure.hint);
  const { end, stdout, stderr } = run.value;
  if (end.kind !== "exited" || end.code !== 0)
    return endOfCommand(end, stdout, stderr, stripVTControlCharacters);
  const more =
    stdout.file === null ? "" : `\n[${stdout.bytes} bytes in all, in ${stdout.file.path}]\n`;
  const shown: Shown = {
    text: `${stdout.text}${more}`,
    digest: digestOf(work.message, stdout.digest),
  };
  return endOfApproval(work, shown, job.decision);
}

function digestOf(message: string, shown: string): string {
  return createHash("sha256")
    .update(JSON.stringify([message, shown]))
    .digest("hex");
}
