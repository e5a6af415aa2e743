import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { codeOf, messageOf } from "../../thrown.ts";
import { OutputReader, readToEnd } from "../../local/output-reader.ts";
import { endTree } from "../../local/process-tree.ts";
import type { KeptOutput } from "./kept-output.ts";
import { GRACE_MS } from "./started-command.ts";
import type { CommandPlan, StartedCommand } from "./started-command.ts";

/** Begins a command as a process of ours, in a group of its own. */
export function runDirectly(
  plan: CommandPlan,
  inherited: Readonly<Record<string, string>>,
): StartedCommand {
  const { command, cwd } = plan;
  const isLine = typeof command === "string";
  const [program = "", ...args] = isLine ? [command] : command;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd,
      env: { ...inherited, ...plan.env },
      detached: true,
      shell: isLine,
      stdio: [plan.stdin === null ? "ignore" : "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
  } catch (error) {
    return notStarted(error, program, plan);
  }
  if (child.pid === undefined) return notStarted(once(child, "error"), program, plan);
  plan.onGroup(child.pid);
  give(plan.stdin, child.stdin);
  const tree = { groupId: child.pid, marker: plan.marker };
  return { exitCode: follow(child, plan), end: () => endTree(tree, GRACE_MS) };
}

async function follow(child: ChildProcess, { stdout, stderr }: CommandPlan): Promise<number> {
  const exit = exitCodeOf(child);
  const readers = [...readerOf(child.stdout, stdout), ...readerOf(child.stderr, stderr)];
  const exitCode = await exit;
  await readToEnd(readers);
  child.stdin?.destroy();
  return exitCode;
}

function readerOf(stream: Readable | null, output: KeptOutput): readonly OutputReader[] {
  return stream === null ? [] : [new OutputReader(stream, (piece) => output.take(piece))];
}

/** A command need not read what it is given. */
function give(text: string | null, stdin: Writable | null): void {
  stdin?.on("error", () => undefined);
  stdin?.end(text);
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/** A program that can't be run is told of as a shell does. */
function notStarted(reason: unknown, program: string, { stderr }: CommandPlan): StartedCommand {
  const exitCode = Promise.resolve(reason).then(async (told: unknown) => {
    const { isMissing, why } = describe(Array.isArray(told) ? told[0] : told);
    await stderr.take(new TextEncoder().encode(`${program}: ${why}\n`));
    return isMissing ? 127 : 126;
  });
  return { exitCode, end: () => Promise.resolve() };
}

function describe(error: unknown): { readonly isMissing: boolean; readonly why: string } {
  const isMissing = codeOf(error) === "ENOENT";
  const why = messageOf(error);
  return { isMissing, why: isMissing ? "not found" : why };
}
