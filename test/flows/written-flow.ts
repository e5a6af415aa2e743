import type { FlowRequest } from "../../src/flows/flow-run.ts";
import type {
  AgentStep,
  ApproveStep,
  AskStep,
  Flow,
  ForEachStep,
  LoopStep,
  RunStep,
  Step,
  StepCommon,
  SubflowStep,
} from "../../src/flows/flow.ts";

/** A flow of these steps, with nothing else in it. */
export function flowOf(steps: readonly Step[], more: Partial<Flow> = {}): Flow {
  return {
    schema: "delegate.flow.v1",
    name: "test",
    description: "",
    category: null,
    inputs: null,
    agents: { coder: "claude" },
    personas: {},
    budget: null,
    report: null,
    ...more,
    steps,
  };
}

/** A wish to carry out a flow. */
export function requestOf(flow: Flow, more: Partial<FlowRequest> = {}): FlowRequest {
  return {
    schema: "delegate.flow-run.v1",
    flowRunId: "01abc",
    createdAt: "2026-11-21T10:00:00.000Z",
    inputs: {},
    agents: {},
    author: "ann",
    cwd: "/work",
    configPath: "/work/delegate.config.json",
    ...more,
    flow,
  };
}

export function run(id: string, more: Partial<RunStep> = {}): RunStep {
  return { ...carried(id), kind: "run", command: "true", cwd: null, env: {}, ...more };
}

export function agent(id: string, more: Partial<AgentStep> = {}): AgentStep {
  return {
    ...carried(id),
    kind: "agent",
    agent: "coder",
    task: "do it",
    persona: null,
    mode: "write",
    dataSchema: null,
    attempts: null,
    idleTimeoutMs: null,
    reserve: null,
    ...more,
  };
}

export function approve(id: string, more: Partial<ApproveStep> = {}): ApproveStep {
  const own = {
    kind: "approve",
    message: "all right?",
    show: null,
    requiredApprovers: [],
  } as const;
  return { ...carried(id), ...own, ...more };
}

export function ask(id: string, more: Partial<AskStep> = {}): AskStep {
  const own = {
    kind: "ask",
    question: "which?",
    options: [],
    answer: "text",
    foreman: null,
  } as const;
  return { ...carried(id), ...own, ...more };
}

export function loop(id: string, steps: readonly Step[], more: Partial<LoopStep> = {}): LoopStep {
  return { ...common(id), kind: "loop", max: 3, until: "true", ...more, steps };
}

export function forEach(
  id: string,
  steps: readonly Step[],
  more: Partial<ForEachStep> = {},
): ForEachStep {
  const own = {
    kind: "for-each",
    items: "inputs.items",
    as: "item",
    limit: null,
    order: null,
  } as const;
  return { ...common(id), ...own, ...more, steps };
}

export function subflow(id: string, flow: Flow, more: Partial<SubflowStep> = {}): SubflowStep {
  return { ...common(id), kind: "flow", inputs: {}, ...more, flow };
}

function common(id: string): StepCommon {
  return {
    id,
    needs: [],
    when: null,
    onFailure: "fail",
    retry: { attempts: 1, baseMs: 1000, maxMs: 60_000 },
    outputs: {},
  };
}

function carried(id: string) {
  return { ...common(id), timeoutMs: null, recovery: "rerun", group: null } as const;
}
