import type {
  AgentStep,
  ApproveStep,
  Budget,
  Flow,
  ForEachStep,
  LoopStep,
  RunStep,
  Step,
  StepCommon,
} from "../../../src/flows/flow.ts";
import type { FlowRequest } from "../../../src/flows/flow-run.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import type { AgentOrder } from "./steered-steps.ts";

/* Flows as values, with only what a test cares about. */

const common: Omit<StepCommon, "id"> = {
  needs: [],
  when: null,
  onFailure: "fail",
  retry: { attempts: 1, baseMs: 10, maxMs: 20 },
  outputs: {},
};

const carried = { timeoutMs: null, recovery: "rerun", group: null } as const;

/** A flow of these steps. */
export function flow(steps: readonly Step[], more: { readonly budget?: Budget } = {}): Flow {
  return {
    schema: "delegate.flow.v1",
    name: "test",
    description: "for a test",
    category: null,
    inputs: null,
    agents: { coder: "coder", reviewer: "auditor" },
    personas: {},
    budget: more.budget ?? null,
    steps,
    report: null,
  };
}

/** A command for a shell. */
export function run(
  id: string,
  command: string,
  more: Partial<Omit<RunStep, "id" | "kind" | "command">> = {},
): RunStep {
  return { ...common, ...carried, kind: "run", id, command, cwd: null, env: {}, ...more };
}

/** A task for the agent of a role; what the test's agent does stands in the task. */
export function agent(
  id: string,
  task: string,
  more: Partial<Omit<AgentStep, "id" | "kind" | "task">> = {},
): AgentStep {
  return {
    ...common,
    ...carried,
    kind: "agent",
    id,
    agent: "coder",
    task,
    persona: null,
    mode: "write",
    dataSchema: null,
    attempts: null,
    idleTimeoutMs: null,
    reserve: null,
    ...more,
  };
}

/** Somebody has to say yes. */
export function approve(
  id: string,
  message: string,
  more: Partial<Omit<ApproveStep, "id" | "kind" | "message">> = {},
): ApproveStep {
  const own = { message, show: null, requiredApprovers: [] };
  return { ...common, ...carried, kind: "approve", id, ...own, ...more };
}

export function loop(
  id: string,
  max: number,
  until: string,
  steps: readonly Step[],
  more: Partial<StepCommon> = {},
): LoopStep {
  return { ...common, kind: "loop", id, max, until, steps, ...more };
}

export function forEach(
  id: string,
  items: string,
  steps: readonly Step[],
  more: Partial<Omit<ForEachStep, "id" | "kind">> = {},
): ForEachStep {
  const own = { items, as: "item", limit: null, order: null, steps };
  return { ...common, kind: "for-each", id, ...own, ...more };
}

/** One carrying out of a flow, in this folder. */
export function request(
  flowRunId: string,
  asked: Flow,
  cwd: string,
  inputs: JsonObject = {},
): FlowRequest {
  return {
    schema: "delegate.flow-run.v1",
    flowRunId,
    createdAt: new Date().toISOString(),
    flow: asked,
    inputs,
    agents: asked.agents,
    author: "ada",
    cwd,
    configPath: `${cwd}/delegate.config.json`,
  };
}

/** A command that goes on until a file is there, or the whole folder is gone. */
export function waitsFor(file: string): string {
  return `until [ -e ${file} ] || [ ! -e journal.jsonl ]; do sleep 0.05; done`;
}

/** The task of a played agent. */
export function order(told: AgentOrder): string {
  return JSON.stringify(told);
}
