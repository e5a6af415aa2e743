import { unreachable } from "../unreachable.ts";
import type { Command } from "./command.ts";
import { parseCommand } from "./command-line/parse.ts";
import { reportBug } from "./report-bug.ts";
import { reportRefusal } from "./report.ts";
import type { Shell } from "./shell.ts";

/** Carries out one command line in a shell; `begin` is told of the command that it turned out to be. The value is the exit code. */
export async function carryOut(
  words: readonly string[],
  shell: Shell,
  begin: (command: Command) => void,
): Promise<number> {
  const parsed = await parseCommand(words, {
    caller: nonEmpty(shell.env["DELEGATE_CALLER"]),
    parentRunId: nonEmpty(shell.env["DELEGATE_PARENT_RUN"]),
  });
  if (!parsed.ok) return reportRefusal(parsed.failure.failure, parsed.failure.wantsJson, shell);
  for (const note of parsed.value.notes) shell.stderr.write(`delegate: ${note}\n`);
  const { command } = parsed.value;
  begin(command);
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

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
