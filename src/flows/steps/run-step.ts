import { stripVTControlCharacters } from "node:util";
import type { Job, StepEnd, Work } from "../work.ts";
import { endOfCommand, notStarted } from "./command-end.ts";
import { runStepCommand } from "./step-command.ts";
import type { StepCommandTools } from "./step-command.ts";

/** Carries out a run step: a command, to its end. */
export async function carryOutRun(
  job: Job,
  { command, cwd, env, stdin, timeoutMs }: Extract<Work, { kind: "run" }>,
  tools: StepCommandTools,
  signal: AbortSignal,
): Promise<StepEnd> {
  const asked = { command, cwd, env, stdin: stdin ?? null, timeoutMs, keeps: "end" } as const;
  const run = await runStepCommand(job, asked, tools, signal);
  if (!run.ok) return notStarted(run.failure.message, run.failure.hint);
  const { end, stdout, stderr } = run.value;
  return endOfCommand(end, stdout, stderr, stripVTControlCharacters);
}
