import type { Config } from "../../config/config.ts";
import type { Failure, Problem, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { toIso } from "../../clock.ts";
import { assignAgents } from "../../flows/assign-agents.ts";
import { canBeFlowRunId } from "../../flows/flow-run-id.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import type { Step } from "../../flows/flow.ts";
import { stepsInside } from "../../flows/inside.ts";
import { loadInputs } from "./load-inputs.ts";
import { randomBytes } from "../../random-bytes.ts";
import { newRunId, RUN_ID_RANDOM_BYTES } from "../../run/ids.ts";
import { findIdProblem } from "../../run/plan.ts";
import { readChain } from "../../run/prepare.ts";
import type { Shell } from "../shell.ts";
import type { FlowRunCommand } from "./command.ts";
import type { GoodFlow } from "./load-named-flow.ts";
import { flowFailure, loadNamedFlow, placed, problemsWithAgents } from "./load-named-flow.ts";
import { whoIs } from "./who.ts";

/** What is to be run, with everything that is wrong at once: in the flow's files, its roles and its inputs. */
export async function prepareFlow(
  command: FlowRunCommand,
  config: Config,
  shell: Shell,
): Promise<Result<FlowRequest>> {
  const wrongId = findIdProblem(command.flowRunId, "flow run") ?? reserved(command.flowRunId);
  if (wrongId !== null) return failure(wrongId);
  const named = await loadNamedFlow(command.flow, config, shell);
  if (!named.ok) return named;
  const { path, loaded } = named.value;
  if (!loaded.ok) return failure(flowFailure(placed(loaded.problems, shell), command.flow));
  const above = readChain(command.parentRunId, config.handoffDir, config.maxDepth);
  if (!above.ok) return above;
  if (above.value.canOnlyRead && runsCommands(loaded.flow.steps))
    return failure(onlyReads(command.flow, command.parentRunId ?? ""));
  return requestFor({ path, loaded }, command, config, shell);
}

async function requestFor(
  good: GoodFlow,
  command: FlowRunCommand,
  config: Config,
  shell: Shell,
): Promise<Result<FlowRequest>> {
  const { flow } = good.loaded;
  const agents = assignAgents(flow, command.agents);
  const inputs = await loadInputs(flow.inputs, command.inputs, shell.cwd);
  const problems: readonly Problem[] = [
    ...(agents.ok
      ? placed(problemsWithAgents(good, agents.agents, config), shell)
      : told("--agent", agents.problems)),
    ...(inputs.ok ? [] : told("--input", inputs.problems)),
  ];
  if (!agents.ok || !inputs.ok || problems.length > 0)
    return failure(flowFailure(problems, command.flow));
  const nowMs = shell.clock.nowMs();
  return success({
    schema: "delegate.flow-run.v1",
    flowRunId: command.flowRunId ?? newRunId(nowMs, randomBytes(RUN_ID_RANDOM_BYTES)),
    createdAt: toIso(nowMs),
    flow,
    inputs: inputs.inputs,
    agents: agents.agents,
    author: whoIs(command.caller, shell),
    ...(command.parentRunId === null ? {} : { parentRunId: command.parentRunId }),
    cwd: shell.cwd,
    configPath: config.path,
  });
}

/** Whether it is more than agents, which can be held to reading, and people that work in these steps. */
function runsCommands(steps: readonly Step[]): boolean {
  return steps.some(
    (step) =>
      step.kind === "run" ||
      (step.kind === "approve" && step.show !== null) ||
      runsCommands(stepsInside(step)),
  );
}

function onlyReads(flow: string, parentRunId: string): Failure {
  return {
    code: "acl_denied",
    message: `the run ${parentRunId} may only read, and so may all that is started from within it; the flow ${flow} runs commands`,
    hint: "take a flow without commands, or let somebody start it who may write",
  };
}

function reserved(flowRunId: string | null): Failure | null {
  if (flowRunId === null || canBeFlowRunId(flowRunId)) return null;
  return {
    code: "usage",
    message: `${JSON.stringify(flowRunId)} can't be a flow run id: it is the name of a file of ours`,
    hint: "use another id, or none",
  };
}

function told(at: string, messages: readonly string[]): readonly Problem[] {
  return messages.map((message) => ({ at, message }));
}
