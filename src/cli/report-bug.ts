import type { Failure } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { failureOutcome } from "../run/outcome.ts";
import { systemTrouble } from "../run/stored/run-folder.ts";
import type { Command } from "./command.ts";
import { reportOutcome, reportRefusal } from "./report.ts";
import type { Shell } from "./shell.ts";
import type { Writer } from "./terminal/writer.ts";

/**
 * Tells of an exception, which is a bug or trouble of the system, in the way of any failure, also to those who are told of
 * the run; the value is the exit code.
 */
export async function reportBug(error: unknown, command: Command, shell: Shell): Promise<number> {
  const detail = messageOf(error);
  const trouble = systemTrouble(error);
  const bug: Failure = trouble ?? {
    code: "internal",
    message: `this is a bug in delegate: ${detail}`,
    hint: "please report it, with the command and the output of delegate --version; DELEGATE_DEBUG=1 shows where it happened",
  };
  const crash = { text: trouble?.message ?? detail, hint: trouble?.hint ?? null };
  if (shell.env["DELEGATE_DEBUG"] === "1" && error instanceof Error) tellStack(error, shell.stderr);
  if (command.name === "flow" || command.name === "worker") {
    const { reportFlowBug } = await import("./flow/print-outcome.ts");
    const { tellOfFlowCrash } = await import("./flow/telling/crash-telling.ts");
    const flowExitCode = reportFlowBug(bug, command, shell);
    await tellOfFlowCrash(crash, command, shell);
    return flowExitCode;
  }
  if (command.name !== "delegate" && command.name !== "wait")
    return reportRefusal(bug, wantsDocument(command), shell);
  const exitCode = reportOutcome(failureOutcome(bug, {}), command.format, shell);
  const { tellOfCrash } = await import("./telling/crash-notice.ts");
  await tellOfCrash(crash, command, shell);
  return exitCode;
}

/** Whether one JSON document was asked for; `logs --json` prints one a line. */
function wantsDocument(command: Command): boolean {
  return command.name !== "logs" && "isJson" in command && command.isJson;
}

function tellStack(error: Error, stderr: Writer): void {
  stderr.write(`${error.stack ?? error.message}\n`);
}
