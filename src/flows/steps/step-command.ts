import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { messageOf } from "../../thrown.ts";
import type { Job } from "../work.ts";
import type { CommandEnd } from "./command-end.ts";
import { thisProcess } from "../../run/stored/process-identity.ts";
import { findCommandProblem } from "./command-problem.ts";
import type { CommandProblem } from "./command-problem.ts";
import { CommandRecord } from "./command-record.ts";
import { hasFolder } from "../../system/has-folder.ts";
import { KeptOutput } from "./kept-output.ts";
import type { Kept } from "./kept-output.ts";
import { endLeftProcesses, nextMarker } from "./left-processes.ts";
import { runCommand } from "./run-command.ts";
import type { CommandTools } from "./run-command.ts";
import { commandRecordPath, stepFolder } from "./step-folder.ts";
import { stopReasonOf } from "./stop-reason.ts";

/** A command of a step. */
export interface StepCommand {
  readonly command: string | readonly string[];
  /** Relative to the flow run's folder, or null for that folder. */
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads, or null for nothing. */
  readonly stdin: string | null;
  readonly timeoutMs: number | null;
  /** Which part of its output is kept when it is long; the beginning is for people, with a digest of all of it. */
  readonly keeps: "beginning" | "end";
}

/** What a step's command is run with. */
export interface StepCommandTools extends CommandTools {
  readonly handoffDir: string;
  readonly configPath: string;
  readonly warn: (message: string) => void;
}

/** How a step's command ended, and what it printed. */
export interface StepCommandEnd {
  readonly end: CommandEnd;
  readonly stdout: Kept;
  readonly stderr: Kept;
}

/** What of an output is kept in a flow run, and what in a file. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Runs a step's command, after an end was made to what a lost worker has left of it. */
export async function runStepCommand(
  job: Job,
  command: StepCommand,
  tools: StepCommandTools,
  signal: AbortSignal,
): Promise<Result<StepCommandEnd, CommandProblem>> {
  const cwd = folderFor(job.cwd, command.cwd);
  if (!cwd.ok) return cwd;
  const wrong = findCommandProblem(command.command, command.env);
  if (wrong !== null) return failure(wrong);
  const record = openRecord(job, tools);
  if (record?.wasLeft === true) await endLeftProcesses(record);
  const marker = nextMarker(commandRecordPath(tools.handoffDir, job));
  const plan = {
    command: command.command,
    cwd: cwd.value,
    stdin: command.stdin,
    env: {
      ...command.env,
      DELEGATE_CONFIG: tools.configPath,
      DELEGATE_FLOW_STEP: `${job.flowRunId}/${job.key}`,
      [marker.name]: marker.value,
    },
    marker: `${marker.name}=${marker.value}`,
    onGroup: (groupId: number): void =>
      void noting(job, tools, () => record?.rememberGroup(groupId)),
    stdout: keep("stdout", job, command, tools),
    stderr: keep("stderr", job, command, tools),
  };
  const end = await runCommand(plan, command.timeoutMs, tools, signal);
  // Who has the step now has a record of its own under this name.
  if (!signal.aborted || stopReasonOf(signal) !== "lost")
    noting(job, tools, () => record?.remove());
  return success({ end, stdout: await plan.stdout.finish(), stderr: await plan.stderr.finish() });
}

function folderFor(base: string, wanted: string | null): Result<string, CommandProblem> {
  const path = resolve(base, wanted ?? ".");
  const way = relative(base, path);
  if (isAbsolute(way) || way.split(sep)[0] === "..") {
    return failure({
      message: `the folder ${wanted} is not inside ${base}`,
      hint: 'give "cwd" a path below the folder in which the flow was started',
    });
  }
  if (!hasFolder(base)) {
    return failure({
      message: `the folder in which the flow was started is not on ${thisProcess().host}: ${base}`,
      hint: "start a worker on the machine that has it, or share it under the same path; then delegate flow retry",
    });
  }
  return hasFolder(path)
    ? success(path)
    : failure({
        message: `there is no folder ${path}`,
        hint: 'make it in an earlier step, or correct "cwd"',
      });
}

/** Without a record the command is run all the same: it is needed only if the worker dies. */
function openRecord(job: Job, tools: StepCommandTools): CommandRecord | null {
  return noting(job, tools, () => new CommandRecord(commandRecordPath(tools.handoffDir, job)));
}

function noting<T>(job: Job, { warn }: StepCommandTools, note: () => T): T | null {
  try {
    return note();
  } catch (error) {
    warn(`it can't be noted that ${job.key} of ${job.flowRunId} runs: ${messageOf(error)}`);
    return null;
  }
}

function keep(
  stream: "stdout" | "stderr",
  job: Job,
  { keeps }: StepCommand,
  { handoffDir, warn }: StepCommandTools,
): KeptOutput {
  return new KeptOutput({
    part: keeps,
    maxBytes: MAX_TEXT_BYTES,
    path: `${stepFolder(handoffDir, job)}/${stream}.txt`,
    maxFileBytes: MAX_FILE_BYTES,
    isDigested: keeps === "beginning",
    onTrouble: (error) =>
      warn(
        `the ${stream} of ${job.key} of ${job.flowRunId} can't be kept as a file: ${messageOf(error)}`,
      ),
  });
}
