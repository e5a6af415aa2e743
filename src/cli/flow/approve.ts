import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { askingOf } from "../../flows/view/asking.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import type { Task, TaskKey } from "../../flows/task.ts";
import { reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { shownHasChanged } from "./asks-anew.ts";
import { findAskedStep } from "./asked-step.ts";
import { askingLines } from "./asking-lines.ts";
import type { FlowApproveCommand } from "./command.ts";
import { canAsk, confirm } from "./confirm.ts";
import { withFlows } from "./open-flows.ts";
import { sendDecision } from "./send-decision.ts";
import { whoIs } from "./who.ts";

/** `delegate flow approve <id> <step>` and `delegate flow reject <id> <step>`. */
export async function decideApproval(command: FlowApproveCommand, shell: Shell): Promise<number> {
  const { flowRunId, note, isJson } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlows(command, shell, refuse, async (flows) => {
    const asked = await findAskedStep(flows.store, flowRunId, command.step, isForApproval);
    if (!asked.ok) return refuse(asked.failure);
    const { state, key } = asked.value;
    const digest = agreeOnDigest(state, key, command, shell);
    if (!digest.ok) return refuse(digest.failure);
    const decision = {
      kind: command.action === "approve" ? "approved" : "rejected",
      by: whoIs(command.by, shell),
      note,
      digest: digest.value,
    } as const;
    return sendDecision(key, decision, command, flows, shell);
  });
}

function isForApproval(task: Task): boolean {
  return task.status === "waiting" && task.waiting.kind === "approval";
}

/**
 * The digest of what is decided about. Who gives its beginning has seen it; who sits at a terminal is shown it now and
 * asked; anybody else takes what is there. A step that does not wait has none, and the flow run says why it can't be.
 */
function agreeOnDigest(
  { tasks }: FlowState,
  key: TaskKey,
  command: FlowApproveCommand,
  shell: Shell,
): Result<string> {
  const { flowRunId, action } = command;
  const task = tasks.get(key);
  if (task?.status !== "waiting" || task.waiting.kind !== "approval") return success("");
  const { digest } = task.waiting;
  if (command.digest !== null)
    return digest.startsWith(command.digest)
      ? success(digest)
      : failure(shownHasChanged(flowRunId, key, digest));
  const asking = askingOf(task, flowRunId);
  if (asking === null || !canAsk(shell)) return success(digest);
  const lines = askingLines({ ...asking, commands: [] }, flowRunId);
  shell.stderr.write(`${lines.join("\n")}\n`);
  return confirm(`${action} it?`, shell) ? success(digest) : failure(undecided(key));
}

function undecided(key: TaskKey): Failure {
  return {
    code: "canceled",
    message: `nothing was decided: "${key}" still waits`,
    hint: "answer y to decide, or give --digest",
  };
}
