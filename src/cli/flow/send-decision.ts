import type { Decision } from "../../flows/work.ts";
import type { TaskKey } from "../../flows/task.ts";
import { plainLine } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { asksAnew, shownHasChanged } from "./asks-anew.ts";
import type { FlowAnswerCommand, FlowApproveCommand } from "./command.ts";
import { isTakenUp } from "./is-taken-up.ts";
import type { Flows } from "./open-flows.ts";
import { sendSignal } from "./send-signal.ts";
import type { GoodReply } from "./send-signal.ts";

/** What a person decides; an agent whose questions are answered goes on without one. */
type PersonsDecision = Extract<Decision, { readonly by: string }>;

/** Hands a decision to the step, and tells that it counts and who goes on now; the value is the process's exit code. */
export async function sendDecision(
  key: TaskKey,
  decision: PersonsDecision,
  command: FlowApproveCommand | FlowAnswerCommand,
  { store }: Flows,
  shell: Shell,
): Promise<number> {
  const { flowRunId, isJson } = command;
  const reply = await sendSignal(store, flowRunId, { kind: "decide", key, decision });
  if (!reply.ok) return reportRefusal(reply.failure, isJson, shell);
  const digest =
    decision.kind === "approved" && reply.value.kind === "taken"
      ? await asksAnew(flowRunId, key, decision.digest, store)
      : null;
  if (digest !== null) return reportRefusal(shownHasChanged(flowRunId, key, digest), isJson, shell);
  tellDecision(key, decision, reply.value, command, shell);
  const isOver = command.isQuiet || reply.value.kind === "already";
  if (isOver || (await isTakenUp(flowRunId, key, store))) return 0;
  shell.stderr.write(
    `delegate: nobody goes on with the flow run now\n  to do: delegate flow wait ${flowRunId}\n`,
  );
  return 0;
}

function tellDecision(
  key: TaskKey,
  { kind, ...rest }: PersonsDecision,
  reply: GoodReply,
  { flowRunId, isJson }: FlowApproveCommand | FlowAnswerCommand,
  shell: Shell,
): void {
  if (isJson) {
    const already = reply.kind === "already";
    reportJson({ flowRunId, step: key, decision: kind, ...rest, already }, shell);
    return;
  }
  const words = reply.kind === "already" ? reply.message : `${key}: ${kind} by ${rest.by}`;
  shell.stdout.write(`${plainLine(words)}\n`);
}
