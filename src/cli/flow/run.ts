import type { Failure } from "../../failure.ts";
import type { TelegramSettings } from "../../telegram/settings.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import type { FlowRunCommand } from "./command.ts";
import type { Flows } from "./open-flows.ts";
import { withFlowsOf } from "./open-flows.ts";
import { prepareFlow } from "./prepare-flow.ts";
import { refuseFlow } from "./print-outcome.ts";
import { carryOn } from "./stay.ts";
import { beginTelling } from "./telling/begin-telling.ts";
import { chooseTelling } from "./telling/choose-telling.ts";

/** `delegate flow run <name|file>`. */
export async function runFlow(command: FlowRunCommand, shell: Shell): Promise<number> {
  const { format } = command;
  const config = runsConfigFor(shell, command);
  if (!config.ok) return refuseFlow(config.failure, {}, format, shell);
  const request = await prepareFlow(command, config.value, shell);
  if (!request.ok) return refuseFlow(request.failure, namesOf(command), format, shell);
  if (command.isDryRun) {
    const { runDryRun } = await import("./dry-run.ts");
    return runDryRun(request.value, command, shell);
  }
  const { author } = request.value;
  const telling = chooseTelling(command.notify, author, config.value, shell);
  if (!telling.ok) return refuseFlow(telling.failure, namesOf(command), format, shell);
  return withFlowsOf(
    config.value,
    shell,
    (reason) => refuseFlow(reason, namesOf(command), format, shell),
    (flows) => begin(request.value, telling.value, command, flows, shell),
  );
}

async function begin(
  request: FlowRequest,
  telling: TelegramSettings | null,
  command: FlowRunCommand,
  flows: Flows,
  shell: Shell,
): Promise<number> {
  const { flowRunId, flow } = request;
  const names = { flowRunId, name: flow.name };
  const created = await flows.store.create(request);
  if (!created.ok) return refuseFlow(created.failure, names, command.format, shell);
  if (created.value === "conflict")
    return refuseFlow(conflict(flowRunId), names, command.format, shell);
  if (telling !== null) beginTelling(flowRunId, telling, flows.config, shell);
  return carryOn(request, command, flows, shell);
}

function namesOf({ flowRunId }: FlowRunCommand): { readonly flowRunId?: string } {
  return flowRunId === null ? {} : { flowRunId };
}

function conflict(flowRunId: string): Failure {
  return {
    code: "run_conflict",
    message: `there is a flow run ${flowRunId} already, of another flow or with other inputs, agents, folder or author`,
    hint: `delegate flow wait ${flowRunId} goes on with that one; leave out --run-id to begin a new one`,
  };
}
