import { remark } from "../terminal/remark.ts";
import type { Failure } from "../../failure.ts";
import type { Shell } from "../shell.ts";
import type { FlowWaitCommand } from "./command.ts";
import { readKnownFlow } from "./known-flow.ts";
import type { Flows } from "./open-flows.ts";
import { withFlows } from "./open-flows.ts";
import { refuseFlow } from "./print-outcome.ts";
import { stayWithFlow } from "./stay.ts";
import { beginTelling } from "./telling/begin-telling.ts";
import { chooseTelling } from "./telling/choose-telling.ts";
import { startWorker } from "./worker-process.ts";

/** `delegate flow wait <id>`. */
export async function waitForFlow(command: FlowWaitCommand, shell: Shell): Promise<number> {
  const { flowRunId, format, timeoutMs: patienceMs } = command;
  const refuse = (reason: Failure): number => refuseFlow(reason, { flowRunId }, format, shell);
  return withFlows(command, shell, refuse, async (flows) => {
    const state = await readKnownFlow(flows.store, flowRunId);
    if (!state.ok) return refuse(state.failure);
    const { author } = state.value.request;
    const telling = chooseTelling(command.notify, author, flows.config, shell);
    if (!telling.ok) return refuse(telling.failure);
    if (telling.value !== null && state.value.end === null)
      beginTelling(flowRunId, telling.value, flows.config, shell);
    if (patienceMs !== null && state.value.end === null) await callWorker(command, flows, shell);
    const works = patienceMs === null ? "alone" : "never";
    const plan = { works, patienceMs } as const;
    return stayWithFlow(state.value.request, plan, command, flows, shell);
  });
}

/** Who does not stay until the end would break off the steps that it carries out. */
async function callWorker(
  { flowRunId, isQuiet }: FlowWaitCommand,
  { config, store }: Flows,
  shell: Shell,
): Promise<void> {
  const hasWorker = await store.hasWorker(flowRunId);
  if (!hasWorker.ok || hasWorker.value) return;
  await startWorker(config, shell.env);
  if (!isQuiet) remark("no worker is there, so one was started", shell);
}
