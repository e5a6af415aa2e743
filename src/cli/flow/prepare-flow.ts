import type { Config } from "../../config/config.ts";
import type { Failure, Problem, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { toIso } from "../../clock.ts";
import { assignAgents } from "../../flows/inputs/assign-agents.ts";
import { canBeFlowRunId } from "../../flows/flow-run-id.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import type { Flow, Step } from "../../flows/flow.ts";
import { stepsInside } from "../../flows/inside.ts";
import { findDenied } from "./find-denied.ts";
import { loadInputs } from "./load-inputs.ts";
import { randomBytes } from "../../system/random-bytes.ts";
import { newRunId, RUN_ID_RANDOM_BYTES } from "../../run/ids.ts";
import { findIdProblem } from "../../run/plan.ts";
import { readChain } from "../../run/prepare.ts";
import type { Shell } from "../shell.ts";
import type { FlowRunCommand } from "./command.ts";
import type { NamedFlow } from "./load-named-flow.ts";
import {
  agentsFor,
  flowFailure,
  loadNamedFlow,
  placed,
  problemsInFiles,
  problemsWithAgents,
} from "./load-named-flow.ts";
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
  const { loaded } = named.value;
  const problems = problemsOf(named.value, command, config, shell);
  if (!loaded.ok) return failure(flowFailure(problems, command.flow));
  const above = readChain(command.parentRunId, config);
  if (!above.ok) return above;
  if (above.value.canOnlyRead && runsCommands(loaded.flow.steps))
    return failure(onlyReads(command.flow, command.parentRunId ?? ""));
  const agents = assignAgents(loaded.flow, command.agents);
  const inputs = await loadInputs(loaded.flow.inputs, command.inputs, shell.cwd);
  const all = [...problems, ...(inputs.ok ? [] : told("--input", inputs.problems))];
  if (!agents.ok || !inputs.ok || all.length > 0) return failure(flowFailure(all, command.flow));
  const start = { command, config, shell };
  const request = requestFor(loaded.flow, inputs.inputs, agents.agents, start);
  const denied = findDenied(request, above.value.agents, config);
  return denied === null ? success(request) : failure(denied);
}

/** What is wrong with the flow's files and its roles. */
function problemsOf(
  named: NamedFlow,
  { agents }: FlowRunCommand,
  config: Config,
  shell: Shell,
): readonly Problem[] {
  const assigned = agentsFor(named, agents);
  if (assigned?.ok === true)
    return placed(problemsWithAgents(named, assigned.agents, config), shell);
  const inFiles = placed(problemsInFiles(named), shell);
  return [...inFiles, ...told("--agent", assigned?.problems ?? [])];
}

interface Start {
  readonly command: FlowRunCommand;
  readonly config: Config;
  readonly shell: Shell;
}

function requestFor(
  flow: Flow,
  inputs: FlowRequest["inputs"],
  agents: FlowRequest["agents"],
  { command, config, shell }: Start,
): FlowRequest {
  const nowMs = shell.clock.nowMs();
  return {
    schema: "delegate.flow-run.v1",
    flowRunId: command.flowRunId ?? newRunId(nowMs, randomBytes(RUN_ID_RANDOM_BYTES)),
    createdAt: toIso(nowMs),
    flow,
    inputs,
    agents,
    author: whoIs(command.caller, shell),
    ...(command.parentRunId === null ? {} : { parentRunId: command.parentRunId }),
    cwd: shell.cwd,
    configPath: config.path,
  };
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
