import { unreachable } from "../../unreachable.ts";
import type { Evaluator } from "../evaluator.ts";
import type { FlowRequest } from "../flow-run.ts";
import type {
  AgentStep,
  ApproveStep,
  AskStep,
  Flow,
  RunStep,
  Template,
  WorkStep,
} from "../flow.ts";
import { createRendering } from "../rendering.ts";
import type { Outcome, Rendering } from "../rendering.ts";
import type { Sight } from "../tree/sight.ts";
import { byteLength } from "../steps/text-size.ts";
import { personaUnknown, roleEmpty, stdinTooLarge } from "../step-failure.ts";
import type { Work } from "../work.ts";

type WorkOf<K extends Work["kind"]> = Extract<Work, { kind: K }>;

/** What a worker has to do for a step, with every expression replaced by its value. */
export function prepareWork(
  step: WorkStep,
  sight: Sight,
  agents: FlowRequest["agents"],
  evaluator: Evaluator,
): Outcome<Work> {
  const rendering = createRendering(evaluator, sight);
  return rendering.outcome(workOf(step, sight.flow, agents, rendering));
}

function workOf(
  step: WorkStep,
  flow: Flow,
  agents: FlowRequest["agents"],
  rendering: Rendering,
): Work {
  switch (step.kind) {
    case "agent":
      return agentWork(step, flow, agents, rendering);
    case "run":
      return runWork(step, rendering);
    case "approve":
      return approveWork(step, rendering);
    case "ask":
      return askWork(step, flow, agents, rendering);
    default:
      return unreachable(step);
  }
}

function agentWork(
  step: AgentStep,
  flow: Flow,
  agents: FlowRequest["agents"],
  rendering: Rendering,
): WorkOf<"agent"> {
  const task = rendering.text("task", step.task);
  const persona = personaText(step, flow, rendering);
  return {
    kind: "agent",
    agent: agentOf(step.agent, flow, agents, rendering),
    task: persona === null ? task : `${persona}\n\n${task}`,
    mode: step.mode,
    dataSchema: step.dataSchema,
    attempts: step.attempts,
    timeoutMs: step.timeoutMs,
    idleTimeoutMs: step.idleTimeoutMs,
  };
}

/** A role that the start gives to an agent belongs to it in every subflow too. */
function agentOf(
  role: string,
  flow: Flow,
  agents: FlowRequest["agents"],
  rendering: Rendering,
): string {
  const agent = own(agents, role) ?? own(flow.agents, role);
  if (agent === undefined) rendering.refuse(roleEmpty(role));
  return agent ?? "";
}

function personaText(step: AgentStep, flow: Flow, rendering: Rendering): string | null {
  if (step.persona === null) return null;
  const name = rendering.text("persona", step.persona);
  const text = own(flow.personas, name);
  if (text === undefined) rendering.refuse(personaUnknown(name, Object.keys(flow.personas)));
  return text?.trimEnd() ?? null;
}

function runWork(step: RunStep, rendering: Rendering): WorkOf<"run"> {
  const env: Record<string, string> = {};
  for (const [name, template] of Object.entries(step.env)) {
    env[name] = rendering.text(`env.${name}`, template);
  }
  const common = {
    kind: "run" as const,
    cwd: step.cwd === null ? null : rendering.text("cwd", step.cwd),
    timeoutMs: step.timeoutMs,
    ...(step.stdin === undefined ? {} : { stdin: stdinOf(step.stdin, rendering) }),
  };
  if (typeof step.command !== "string") {
    return { ...common, command: step.command.map((word) => rendering.text("run", word)), env };
  }
  const { line, env: values } = rendering.shellLine("run", step.command);
  return { ...common, command: line, env: { ...env, ...values } };
}

/** The most that a flow run keeps of it. */
const MAX_STDIN_BYTES = 16 * 1024 * 1024;

function stdinOf(template: Template, rendering: Rendering): string {
  const text = rendering.text("stdin", template);
  // No text has more bytes than three for each of its units.
  const bytes = text.length * 3 <= MAX_STDIN_BYTES ? 0 : byteLength(text);
  if (bytes > MAX_STDIN_BYTES) rendering.refuse(stdinTooLarge(bytes, MAX_STDIN_BYTES));
  return text;
}

function approveWork(step: ApproveStep, rendering: Rendering): WorkOf<"approve"> {
  return {
    kind: "approve",
    message: rendering.text("approve", step.message),
    show: step.show === null ? null : rendering.shellLine("show", step.show),
    requiredApprovers: step.requiredApprovers,
    timeoutMs: step.timeoutMs,
  };
}

function askWork(
  step: AskStep,
  flow: Flow,
  agents: FlowRequest["agents"],
  rendering: Rendering,
): WorkOf<"ask"> {
  return {
    kind: "ask",
    question: rendering.text("ask", step.question),
    options: step.options.map((option) => rendering.text("options", option)),
    answer: step.answer,
    foreman: step.foreman === null ? null : agentOf(step.foreman, flow, agents, rendering),
    timeoutMs: step.timeoutMs,
  };
}

/** Names come from files: one like `constructor` must not find what every object has. */
function own(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}
