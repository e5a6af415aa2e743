import type { NotifySubject } from "../../config/notify.ts";
import type { Failure } from "../../failure.ts";
import { awaitRun } from "../../run/delegation.ts";
import { Leave } from "../../run/leave.ts";
import { failureOutcome } from "../../run/outcome.ts";
import type { Command } from "../command.ts";
import { openNotice } from "../notice.ts";
import { subjectOfRun } from "../notice-subject.ts";
import { openProgress } from "../progress.ts";
import { reportOutcome } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor, runToolsFor } from "../shell.ts";

/** `delegate wait <runId>`. */
export async function runWait(command: Command & { name: "wait" }, shell: Shell): Promise<number> {
  const refuse = (reason: Failure): number =>
    reportOutcome(failureOutcome(reason, { runId: command.runId }), command.format, shell);
  const config = configFor(shell, command);
  if (!config.ok) return refuse(config.failure);
  const { runId, notify: wish } = command;
  const subject = (): NotifySubject | null => subjectOfRun(runId, config.value);
  const notice = await openNotice(
    { wish, subject, runId, leavesOnceSent: false },
    config.value,
    shell,
  );
  if (!notice.ok) return refuse(notice.failure);
  const timeoutMs = command.timeoutMs ?? config.value.timeoutSeconds * 1000;
  const progress = await openProgress(command, { timeoutMs }, shell);
  const patience = new AbortController();
  const timer =
    command.timeoutMs === null
      ? null
      : setTimeout(() => patience.abort(new Leave("wait_over")), command.timeoutMs);
  try {
    const sinks = [...progress.sinks, ...notice.value.sinks];
    const tools = runToolsFor(shell, config.value, sinks, command.onQuestion);
    const signal = AbortSignal.any([shell.signal, patience.signal]);
    const outcome = await awaitRun(runId, tools, signal, command.timeoutMs !== null);
    progress.close();
    const exitCode = reportOutcome(outcome, command.format, shell);
    await notice.value.close(outcome);
    return exitCode;
  } finally {
    if (timer !== null) clearTimeout(timer);
    progress.close();
  }
}
