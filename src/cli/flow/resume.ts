import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import { endLeftCommand } from "../../flows/steps/left-command.ts";
import type { TaskKey } from "../../flows/task.ts";
import type { Shell } from "../shell.ts";
import type { FlowResumeCommand } from "./command.ts";
import { endLeftRun } from "./end-left-run.ts";
import { readKnownFlow } from "./known-flow.ts";
import { findKnownStep } from "./known-step.ts";
import type { Flows } from "./open-flows.ts";
import { withFlows } from "./open-flows.ts";
import { refuseFlow } from "./print-outcome.ts";
import { sendSignal } from "./send-signal.ts";
import { carryOn } from "./stay.ts";
import { goOnTelling } from "./telling/begin-telling.ts";
import { whoIs } from "./who.ts";

/** `delegate flow resume <id>`: carries a flow run on, with what was decided about steps whose end is unknown. */
export async function resumeFlow(command: FlowResumeCommand, shell: Shell): Promise<number> {
  const { flowRunId, format } = command;
  const refuse = (reason: Failure): number => refuseFlow(reason, { flowRunId }, format, shell);
  return withFlows(command, shell, refuse, async (flows) => {
    const decided = await decideAll(command, flows, shell);
    if (!decided.ok) return refuse(decided.failure);
    goOnTelling(flowRunId, flows.config, shell);
    return carryOn(decided.value.request, command, flows, shell);
  });
}

/** Nothing is decided before all choices make sense. */
async function decideAll(
  { flowRunId, choices }: FlowResumeCommand,
  flows: Flows,
  shell: Shell,
): Promise<Result<FlowState>> {
  const { store } = flows;
  const state = await readKnownFlow(store, flowRunId);
  if (!state.ok) return state;
  const decisions = new Map<string, "rerun" | "skip">();
  for (const { step, choice } of choices) {
    const key = findKnownStep(state.value, step, ({ status }) => status === "undecided");
    if (!key.ok) return key;
    decisions.set(key.value, choice);
  }
  const left = [...state.value.tasks.values()].filter(
    ({ status, key }) => status === "undecided" && !decisions.has(key),
  );
  if (left.length > 0) return failure(undecided(left.map(({ key }) => key)));
  for (const [key, choice] of decisions) {
    const reply = await sendSignal(store, flowRunId, { kind: "recover", key, choice });
    if (!reply.ok) return reply;
    if (choice === "skip") await endSkipped(state.value, key, flows, shell);
  }
  return success(state.value);
}

/** What its dead worker has left at work on this machine comes to nothing any more. */
async function endSkipped(
  { request, tasks }: FlowState,
  key: TaskKey,
  { config }: Flows,
  shell: Shell,
): Promise<void> {
  const task = tasks.get(key);
  const wish = { by: whoIs(null, shell), reason: "its step is skipped" };
  if (task?.status === "undecided" && task.work.kind === "agent")
    await endLeftRun(request, task, wish, config, shell);
  else await endLeftCommand(config.handoffDir, { flowRunId: request.flowRunId, key });
}

function undecided(keys: readonly string[]): Failure {
  const [key = ""] = keys;
  return {
    code: "usage",
    message: `the worker of ${keys.join(", ")} died, and whether the step had ended is unknown`,
    hint: `look what became of it, then add --decide ${key}=rerun, or --decide ${key}=skip`,
  };
}
