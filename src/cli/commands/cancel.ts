import { cancelRun } from "../../run/cancel.ts";
import type { Cancellation } from "../../run/cancel.ts";
import { exitCodeOf } from "../../failure.ts";
import type { Config } from "../../config/config.ts";
import type { NotifySubject } from "../../config/notify.ts";
import type { Command } from "../command.ts";
import type { NoticeNeed } from "../telling/notice.ts";
import { openNotice } from "../telling/notice.ts";
import { subjectOfRun } from "../telling/notice-subject.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";

/** `delegate cancel <runId>`: ends a run with all that was delegated from within it. */
export async function runCancel(
  command: Command & { name: "cancel" },
  shell: Shell,
): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const { runId } = command;
  const notice = await openNotice(noticeNeed(runId, config.value), config.value, shell);
  const sinks = notice.ok ? notice.value.sinks : [];
  const wish = { by: command.caller ?? "a person", reason: command.reason };
  const canceled = await cancelRun(runId, wish, runToolsFor(shell, config.value, sinks));
  if (!canceled.ok) return reportRefusal(canceled.failure, command.isJson, shell);
  if (command.isJson) reportJson(canceled.value, shell);
  else tell(canceled.value, shell);
  if (notice.ok) await notice.value.close({ runId, status: canceled.value.status ?? "canceled" });
  return canceled.value.status === null ? exitCodeOf(notYet(command.runId)) : 0;
}

/** Who is told of a run is told of its end also when no other process is there to do so. */
function noticeNeed(runId: string, config: Config): NoticeNeed {
  const subject = (): NotifySubject | null => subjectOfRun(runId, config);
  return { wish: [], subject, runId, leavesOnceSent: false, isGuarded: false };
}

function tell(cancellation: Cancellation, shell: Shell): void {
  shell.stdout.write(`${describe(cancellation)}\n`);
  for (const child of cancellation.children) tell(child, shell);
}

function describe({ runId, status, isAgentEnded, late }: Cancellation): string {
  if (status === null) return `${runId}: asked to end; whoever drives it has not answered yet`;
  if (status !== "canceled") return `${runId}: had ended already (${status})`;
  if (late !== null)
    return `${runId}: canceled; what its agent had handed over is not taken, and stays in ${late}`;
  switch (isAgentEnded) {
    case true:
      return `${runId}: canceled, and its agent's processes are ended within seconds`;
    case false:
      return `${runId}: canceled; its agent was not at work`;
    case null:
      return `${runId}: canceled; its gateway can't end the agent, and a file that still comes is kept as late and not taken as the result`;
  }
}

function notYet(runId: string) {
  return {
    code: "timeout",
    message: `run ${runId} has not ended yet`,
    hint: `delegate show ${runId}`,
  } as const;
}
