import type { Failure } from "../../failure.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import { endLeftCommand } from "../../flows/steps/left-command.ts";
import type { Task } from "../../flows/task.ts";
import type { Work } from "../../flows/work.ts";
import type { CancelWish } from "../../run/cancel.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { attend } from "./attend.ts";
import type { FlowCancelCommand } from "./command.ts";
import { endLeftRun } from "./end-left-run.ts";
import { readKnownFlow } from "./known-flow.ts";
import { silentNarrator } from "./narrator.ts";
import type { Flows } from "./open-flows.ts";
import { withFlows } from "./open-flows.ts";
import { sendSignal } from "./send-signal.ts";
import { withTelling } from "./telling/with-telling.ts";
import { whoIs } from "./who.ts";

/** How long steps that run may take to end. */
const PATIENCE_MS = 20_000;

/** `delegate flow cancel <id>`: ends a flow run, and all that is under way in it. */
export async function cancelFlow(command: FlowCancelCommand, shell: Shell): Promise<number> {
  const { flowRunId, isJson } = command;
  const refuse = (why: Failure): number => reportRefusal(why, isJson, shell);
  return withFlows(command, shell, refuse, (flows) =>
    withTelling(flowRunId, flows.config, shell, () => cancelIn(flows, command, shell)),
  );
}

async function cancelIn(flows: Flows, command: FlowCancelCommand, shell: Shell): Promise<number> {
  const { flowRunId, isJson, reason } = command;
  const refuse = (why: Failure): number => reportRefusal(why, isJson, shell);
  const before = await readKnownFlow(flows.store, flowRunId);
  if (!before.ok) return refuse(before.failure);
  const wish = { by: whoIs(command.by, shell), reason };
  const reply = await sendSignal(flows.store, flowRunId, { kind: "cancel", ...wish });
  if (!reply.ok) return refuse(reply.failure);
  const hasEnded = await waitForEnd(before.value, flows, shell);
  await cancelAgentRuns(before.value, wish, flows, shell);
  if (hasEnded) await endCommands(before.value, flows);
  if (!hasEnded) return refuse(notYet(flowRunId));
  const already = reply.value.kind === "already";
  if (isJson) reportJson({ flowRunId, status: "canceled", ...wish, already }, shell);
  else shell.stdout.write(`${flowRunId}: ${already ? "was canceled already" : "canceled"}\n`);
  return 0;
}

/** Where no worker is there, what ran last is ended here. */
async function waitForEnd({ request }: FlowState, flows: Flows, shell: Shell): Promise<boolean> {
  const plan = { request, works: "alone", patienceMs: PATIENCE_MS, isQuiet: true } as const;
  const attended = await attend(plan, flows, silentNarrator, shell);
  return attended.ok && attended.value.kind === "ended";
}

/** An agent whose worker had left or died is still at work, and nobody else would tell it. */
async function cancelAgentRuns(
  { request, tasks }: FlowState,
  { by, reason }: CancelWish,
  { config }: Flows,
  shell: Shell,
): Promise<void> {
  const wish = { by, reason: reason ?? "its flow run is canceled" };
  for (const task of [...tasks.values()].filter(isAgentsWork))
    await endLeftRun(request, task, wish, config, shell);
}

/** A command whose worker had died may still run on this machine. */
async function endCommands({ request, tasks }: FlowState, { config }: Flows): Promise<void> {
  const { flowRunId } = request;
  for (const task of [...tasks.values()].filter((each) => workOf(each)?.kind === "run"))
    await endLeftCommand(config.handoffDir, { flowRunId, key: task.key });
}

function isAgentsWork(task: Task): boolean {
  return workOf(task)?.kind === "agent";
}

/** What is or may be under way of a task. */
function workOf(task: Task): Work | null {
  switch (task.status) {
    case "ready":
    case "running":
    case "waiting":
    case "undecided":
      return task.work;
    default:
      return null;
  }
}

function notYet(flowRunId: string): Failure {
  return {
    code: "timeout",
    message: `flow run ${flowRunId} was asked to end and has not ended yet`,
    hint: `delegate flow show ${flowRunId} tells what is still under way`,
  };
}
