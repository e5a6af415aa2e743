import type { Config } from "../../config/config.ts";
import type { Failure, Result } from "../../failure.ts";
import { delegateTask } from "../../run/delegation.ts";
import type { Outcome } from "../../run/outcome.ts";
import { failureOutcome } from "../../run/outcome.ts";
import type { Ask } from "../../run/plan.ts";
import type { DelegateCommand } from "../command.ts";
import type { Notice } from "../telling/notice.ts";
import { openNotice } from "../telling/notice.ts";
import { openProgress } from "../live/progress.ts";
import { readAsk } from "../asking/read-ask.ts";
import { reportOutcome } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor, runToolsFor } from "../shell.ts";

/** `delegate <agent> <task>`. */
export async function runDelegate(command: DelegateCommand, shell: Shell): Promise<number> {
  const config = configFor(shell, command);
  if (!config.ok) return refuse(config.failure, command, shell);
  const notice = await openNotice(
    {
      wish: command.notify,
      subject: () => command,
      runId: command.runId,
      leavesOnceSent: !command.waits,
      isGuarded: true,
    },
    config.value,
    shell,
  );
  if (!notice.ok) return refuse(notice.failure, command, shell);
  const ask = await completeAsk(command, config.value, shell);
  if (!ask.ok) return refuse(ask.failure, command, shell);
  if (command.isDryRun) {
    const { printDryRun } = await import("./dry-run.ts");
    const printed = await printDryRun(ask.value, config.value, command.format, shell);
    return printed.ok ? 0 : refuse(printed.failure, command, shell);
  }
  try {
    const outcome = await carryOut(ask.value, config.value, notice.value, command, shell);
    // Whoever waits for the outcome comes first, then those who are told of the run elsewhere.
    const exitCode = reportOutcome(outcome, command.format, shell);
    await notice.value.close(outcome);
    return exitCode;
  } finally {
    notice.value.abandon();
  }
}

async function carryOut(
  ask: Ask,
  config: Config,
  notice: Notice,
  command: DelegateCommand,
  shell: Shell,
): Promise<Outcome> {
  const { handoffDir } = config;
  const { runId, waits, onInterrupt, onQuestion } = command;
  const subject = { handoffDir, runId, leavesAtMs: () => null };
  const progress = await openProgress(command, subject, shell);
  try {
    const tools = runToolsFor(shell, config, [...progress.sinks, ...notice.sinks], onQuestion);
    const outcome = await delegateTask(ask, tools, waits ? "outcome" : "sent", shell.signal);
    if (outcome.error?.code !== "interrupted" || onInterrupt === "detach") return outcome;
    const { cancelInterrupted } = await import("./cancel-interrupted.ts");
    return await cancelInterrupted(outcome, tools);
  } finally {
    progress.close();
  }
}

function refuse(reason: Failure, command: DelegateCommand, shell: Shell): number {
  const { agent, runId } = command;
  const names = runId === null ? { agent } : { agent, runId };
  return reportOutcome(failureOutcome(reason, names), command.format, shell);
}

/** What is wanted, with the messages of the channel that the command names, if any. */
async function completeAsk(
  command: DelegateCommand,
  config: Config,
  shell: Shell,
): Promise<Result<Ask>> {
  const ask = readAsk(command, shell.cwd);
  if (!ask.ok || command.channel === null) return ask;
  const { withChannelContext } = await import("../asking/channel-context.ts");
  return withChannelContext(ask.value, command.channel, runToolsFor(shell, config, []), shell);
}
