import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { LONGEST_TIMER_MS } from "../clock.ts";
import { hasFolder } from "../system/has-folder.ts";
import { codeOf, messageOf } from "../thrown.ts";
import { keepBeginning, keepEnd } from "./bounded-output.ts";
import type { BoundedOutput } from "./bounded-output.ts";
import type { CommandEnd, CommandReport } from "./command-end.ts";
import { OutputReader, readToEnd } from "./output-reader.ts";
import { endTree } from "./process-tree.ts";
import type { ProcessTree } from "./process-tree.ts";

/** A command, ready to run. */
export interface CommandRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads, or null when it has nothing to read. */
  readonly stdin: string | null;
  /** The most that is kept of stdout; with `end` more ends the command, with `drop` only the end is kept. */
  readonly stdout: { readonly beyond: "end" | "drop"; readonly maxBytes: number };
  /** Seconds that it may take, or null. */
  readonly timeoutSeconds: number | null;
  /** See ProcessTree. */
  readonly marker: string;
  readonly graceMs: number;
}

/** A command that was started, or could not be. */
export interface RunningCommand {
  /** Settles once the process exists, or can't. */
  readonly started: Promise<void>;
  /** How it ended; some of its processes may still be ending. */
  readonly report: Promise<CommandReport>;
  /** Settles when none of its processes is left. */
  readonly gone: Promise<void>;
  /** Ends it, because the gateway leaves or its caller wants it no more. */
  stop(because: "stopped" | "canceled"): void;
}

const MAX_STDERR_BYTES = 64 * 1024;
const MAX_DROPPED_STDOUT_BYTES = 64 * 1024;

/** Runs a command in a process group of its own, without a shell, within its limits. */
export function runCommand(request: CommandRequest): RunningCommand {
  let child: ChildProcess;
  try {
    child = spawn(request.program, request.args, {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: [request.stdin === null ? "ignore" : "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
  } catch (error) {
    return notRunning(describeStartError(error, request));
  }
  if (child.pid === undefined) return neverStarted(child, request);
  return follow(child, { groupId: child.pid, marker: request.marker }, request);
}

function follow(child: ChildProcess, tree: ProcessTree, request: CommandRequest): RunningCommand {
  const { maxBytes, beyond } = request.stdout;
  const stdout = beyond === "end" ? keepBeginning(maxBytes) : keepEnd(MAX_DROPPED_STDOUT_BYTES);
  const stderr = keepEnd(MAX_STDERR_BYTES);
  const exited = exitOf(child);
  const forced = Promise.withResolvers<CommandEnd>();
  let endedBy: CommandEnd | null = null;
  let hasExited = false;
  const end = (reason: CommandEnd): void => {
    // What is left in its pipes may still be too much; otherwise its own end stands.
    if (endedBy !== null || (hasExited && reason.kind !== "flooded")) return;
    endedBy = reason;
    void endTree(tree, request.graceMs).then(() => forced.resolve(reason));
  };
  const readers = [
    ...readerOf(child.stdout, stdout, () => end({ kind: "flooded", maxBytes })),
    ...readerOf(child.stderr, stderr, () => {}),
  ];
  if (request.stdin !== null) giveInput(child, request.stdin);
  const clock = endAfter(request.timeoutSeconds, end);
  const outputEnded = Promise.race([exited, forced.promise]).then(async (how) => {
    hasExited = true;
    clearTimeout(clock);
    await readToEnd(readers);
    child.stdin?.destroy();
    return endedBy ?? how;
  });
  return {
    started: Promise.resolve(),
    report: outputEnded.then((how) => ({
      end: how,
      stdout: stdout.text(),
      stderr: stderr.text(),
    })),
    gone: outputEnded.then(() => endTree(tree, request.graceMs)),
    stop: (because) => end({ kind: because }),
  };
}

function exitOf(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(code === null ? { kind: "signaled", signal: `${signal}` } : { kind: "exited", code });
    });
  });
}

function readerOf(
  stream: Readable | null,
  output: BoundedOutput,
  onTooMuch: () => void,
): readonly OutputReader[] {
  if (stream === null) return [];
  const take = (piece: Buffer): null => {
    if (!output.push(piece)) onTooMuch();
    return null;
  };
  return [new OutputReader(stream, take)];
}

/** A command may end, or close its stdin, without having read the message: that is its own affair. */
function giveInput(child: ChildProcess, message: string): void {
  child.stdin?.on("error", () => {});
  child.stdin?.end(message);
}

function endAfter(
  seconds: number | null,
  end: (reason: CommandEnd) => void,
): NodeJS.Timeout | undefined {
  if (seconds === null) return undefined;
  const ms = Math.min(seconds * 1000, LONGEST_TIMER_MS);
  return setTimeout(() => end({ kind: "timed_out", seconds }), ms);
}

function neverStarted(child: ChildProcess, request: CommandRequest): RunningCommand {
  child.stdin?.on("error", () => {});
  return notRunning(
    new Promise<CommandEnd>((resolve) => {
      child.once("error", (error) => resolve(describeStartError(error, request)));
    }),
  );
}

function notRunning(reason: CommandEnd | Promise<CommandEnd>): RunningCommand {
  const report = Promise.resolve(reason).then((end) => ({ end, stdout: "", stderr: "" }));
  return { started: Promise.resolve(), report, gone: Promise.resolve(), stop: () => {} };
}

function describeStartError(error: unknown, { cwd }: CommandRequest): CommandEnd {
  const code = codeOf(error) ?? "";
  const reason = messageOf(error);
  // The system says ENOENT for a missing folder as well as for a missing program, and ENOTDIR for a file instead.
  const isFolderMissing = (code === "ENOENT" || code === "ENOTDIR") && !hasFolder(cwd);
  return { kind: "not_started", code: isFolderMissing ? "NO_CWD" : code, reason };
}
