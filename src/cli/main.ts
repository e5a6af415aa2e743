import { unreachable } from "../unreachable.ts";
import type { Command } from "./command.ts";
import { leaveOnSignals } from "./leave-on-signals.ts";
import { parseCommand } from "./parse.ts";
import { reportFailure, reportOutcome, reportRefusal } from "./report.ts";
import type { Shell } from "./shell.ts";
import type { Writer } from "./terminal.ts";
import { openWriter } from "./terminal.ts";
import { failureOutcome } from "../run/outcome.ts";
import { monotonicClock } from "../system-clock.ts";

/** What the program is started with. */
export interface Invocation {
  /** The command line without the program's own words. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Carries out one command line; the value is the process's exit code. */
export async function main({ words, env, cwd }: Invocation): Promise<number> {
  let leaving: AbortSignal | null = null;
  const shell: Shell = {
    env,
    cwd,
    stdout: openWriter(1),
    stderr: openWriter(2),
    clock: monotonicClock,
    crashTellers: new Set(),
    get signal() {
      return (leaving ??= leaveOnSignals());
    },
  };
  const parsed = await parseCommand(words, {
    caller: nonEmpty(env["DELEGATE_CALLER"]),
    parentRunId: nonEmpty(env["DELEGATE_PARENT_RUN"]),
  });
  if (!parsed.ok) return reportRefusal(parsed.failure.failure, parsed.failure.wantsJson, shell);
  for (const note of parsed.value.notes) shell.stderr.write(`delegate: ${note}\n`);
  const { command } = parsed.value;
  if (staying.has(command.name)) exitOnBug(command, shell);
  try {
    const exitCode = await dispatch(command, shell);
    const { loss } = shell.stdout;
    if (loss === null) return exitCode;
    const { reportLostOutput } = await import("./lost-output.ts");
    return reportLostOutput(loss, command, exitCode, shell);
  } catch (error) {
    return await reportBug(error, command, shell);
  }
}

/** Each command is loaded only when it is called: a delegation pays for nothing else. */
async function dispatch(command: Command, shell: Shell): Promise<number> {
  switch (command.name) {
    case "delegate": {
      const { runDelegate } = await import("./commands/delegate.ts");
      return runDelegate(command, shell);
    }
    case "wait": {
      const { runWait } = await import("./commands/wait.ts");
      return runWait(command, shell);
    }
    case "show": {
      const { runShow } = await import("./commands/show.ts");
      return runShow(command, shell);
    }
    case "list": {
      const { runList } = await import("./commands/list.ts");
      return runList(command, shell);
    }
    case "logs": {
      const { runLogs } = await import("./commands/logs.ts");
      return runLogs(command, shell);
    }
    case "watch": {
      const { runWatch } = await import("./commands/watch.ts");
      return runWatch(command, shell);
    }
    case "cancel": {
      const { runCancel } = await import("./commands/cancel.ts");
      return runCancel(command, shell);
    }
    case "prune": {
      const { runPrune } = await import("./commands/prune.ts");
      return runPrune(command, shell);
    }
    case "flow": {
      const { runFlowCommand } = await import("./flow/dispatch.ts");
      return runFlowCommand(command, shell);
    }
    case "worker": {
      const { runWorker } = await import("./flow/worker.ts");
      return runWorker(command, shell);
    }
    case "agents": {
      const { runAgents } = await import("./commands/agents.ts");
      return runAgents(command, shell);
    }
    case "acl": {
      const { runAclExplain } = await import("./commands/acl-explain.ts");
      return runAclExplain(command, shell);
    }
    case "doctor": {
      const { runDoctor } = await import("./commands/doctor.ts");
      return runDoctor(command, shell);
    }
    case "handoff": {
      const { runHandoff } = await import("./commands/handoff.ts");
      return runHandoff(command, shell);
    }
    case "questions": {
      const { runQuestions } = await import("./commands/questions.ts");
      return runQuestions(command, shell);
    }
    case "answer": {
      const { runAnswer } = await import("./commands/answer.ts");
      return runAnswer(command, shell);
    }
    case "init": {
      const { runInit } = await import("./commands/init.ts");
      return runInit(command, shell);
    }
    case "gateway": {
      const { runGateway } = await import("./commands/gateway.ts");
      return runGateway(command, shell);
    }
    case "completion": {
      const { runCompletion } = await import("./commands/completion.ts");
      return runCompletion(command, shell);
    }
    case "demo": {
      const { runDemo } = await import("./commands/demo.ts");
      return runDemo(command, shell);
    }
    case "help": {
      const { runHelp } = await import("./commands/help.ts");
      return runHelp(command, shell);
    }
    case "version": {
      const { version } = await import("../version.ts");
      shell.stdout.write(`${version}\n`);
      return 0;
    }
    default:
      return unreachable(command);
  }
}

/** The commands that may stay for long, with much going on besides. */
const staying: ReadonlySet<Command["name"]> = new Set(["delegate", "wait", "flow", "worker"]);

/** What is thrown where nobody waits for it, as in a timer, ends the process like any other bug. */
function exitOnBug(command: Command, shell: Shell): void {
  const exit = async (error: unknown): Promise<void> =>
    process.exit(await reportBug(error, command, shell));
  process.once("uncaughtException", (error) => void exit(error));
}

async function reportBug(error: unknown, command: Command, shell: Shell): Promise<number> {
  const detail = error instanceof Error ? error.message : String(error);
  const bug = {
    code: "internal",
    message: `this is a bug in delegate: ${detail}`,
    hint: "please report it, with the command and the output of delegate --version; DELEGATE_DEBUG=1 shows where it happened",
  } as const;
  if (shell.env["DELEGATE_DEBUG"] === "1" && error instanceof Error) tellStack(error, shell.stderr);
  if (command.name === "flow" || command.name === "worker") {
    const { reportFlowBug } = await import("./flow/print-outcome.ts");
    const { tellOfFlowCrash } = await import("./flow/telling/crash-telling.ts");
    const flowExitCode = reportFlowBug(bug, command, shell);
    await tellOfFlowCrash(detail, command, shell);
    return flowExitCode;
  }
  if (command.name !== "delegate" && command.name !== "wait") return reportFailure(bug, shell);
  const exitCode = reportOutcome(failureOutcome(bug, {}), command.format, shell);
  const { tellOfCrash } = await import("./crash-notice.ts");
  await tellOfCrash(detail, command, shell);
  return exitCode;
}

function tellStack(error: Error, stderr: Writer): void {
  stderr.write(`${error.stack ?? error.message}\n`);
}

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
