import { unreachable } from "../../unreachable.ts";
import type {
  AgentStep,
  ApproveStep,
  AskStep,
  ForEachStep,
  LoopStep,
  RunStep,
  Step,
  StepCommon,
  StepRetry,
  SubflowStep,
} from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { durationMs } from "./duration.ts";
import {
  entriesOf,
  fieldOf,
  isObject,
  numberOf,
  textOf,
  textsOf,
  wordOf,
} from "../../json/json-fields.ts";
import type { Links } from "./links.ts";
import { expressionOf, valueTemplateOf } from "./literal.ts";
import { kindOf, needsOf } from "./outline.ts";
import type { OutlineScope, OutlineStep } from "./outline.ts";
import { readCost } from "./read-cost.ts";
import { itemName } from "./sight.ts";

/** The steps of a scope. A step that is nothing, or whose flow could not be read, is left out. */
export function readSteps(scope: OutlineScope | null, links: Links): readonly Step[] {
  return [...(scope?.steps.values() ?? [])].flatMap((step) => readStep(step, links) ?? []);
}

function readStep(step: OutlineStep, links: Links): Step | null {
  const kind = kindOf(step);
  switch (kind) {
    case null:
      return null;
    case "agent":
      return readAgentStep(step, links);
    case "run":
      return readRunStep(step);
    case "approve":
      return readApproveStep(step);
    case "ask":
      return readAskStep(step);
    case "loop":
      return readLoopStep(step, links);
    case "for-each":
      return readForEachStep(step, links);
    case "flow":
      return readSubflowStep(step, links);
    default:
      return unreachable(kind);
  }
}

function common({ id, json }: OutlineStep, needs: readonly string[]): StepCommon {
  return {
    id,
    needs,
    when: expressionAt(json, "when"),
    onFailure: wordOf(json, "on-failure", ["fail", "continue", "next-iteration"]),
    retry: readRetry(json["retry"]),
    outputs: Object.fromEntries(
      entriesOf(json, "outputs").map(([name, written]) => [name, expressionOf(written)]),
    ),
  };
}

const DEFAULT_BASE_MS = 3000;
const DEFAULT_MAX_MS = 60_000;

function readRetry(written: Json | undefined): StepRetry {
  const attempts = typeof written === "number" ? written : numberOf(written, "attempts");
  const baseMs = durationMs(fieldOf(written, "base")) ?? DEFAULT_BASE_MS;
  const maxMs = durationMs(fieldOf(written, "max")) ?? Math.max(DEFAULT_MAX_MS, baseMs);
  return { attempts: attempts ?? 1, baseMs: Math.min(baseMs, maxMs), maxMs };
}

function carried(step: OutlineStep) {
  const { json } = step;
  return {
    ...common(step, needsOf(step)),
    timeoutMs: durationMs(json["timeout"]),
    recovery: wordOf(json, "recovery", ["rerun", "ask"]),
    group: textOf(json, "group"),
  };
}

function readAgentStep(step: OutlineStep, { schemas }: Links): AgentStep {
  const { json } = step;
  const schema = json["schema"] ?? null;
  return {
    ...carried(step),
    kind: "agent",
    agent: textOf(json, "agent") ?? "",
    task: textOf(json, "task") ?? "",
    persona: textOf(json, "persona"),
    mode: wordOf(json, "mode", ["write", "plan"]),
    dataSchema: typeof schema === "string" ? (schemas.get(schema) ?? null) : schema,
    attempts: numberOf(json, "retries"),
    idleTimeoutMs: durationMs(json["idle-timeout"]),
    reserve: isObject(json["reserve"]) ? readCost(json["reserve"]) : null,
  };
}

function readRunStep(step: OutlineStep): RunStep {
  const { json } = step;
  const line = textOf(json, "run");
  const stdin = json["stdin"];
  return {
    ...carried(step),
    kind: "run",
    command: line ?? textsOf(json, "run"),
    cwd: textOf(json, "cwd"),
    env: Object.fromEntries(
      entriesOf(json, "env").map(([name, value]) => [name, wordFor(value)] as const),
    ),
    ...(typeof stdin === "string" ? { stdin } : {}),
  };
}

function wordFor(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readApproveStep(step: OutlineStep): ApproveStep {
  const { json } = step;
  return {
    ...carried(step),
    kind: "approve",
    message: textOf(json, "approve") ?? textOf(json["approve"], "message") ?? "",
    show: textOf(json["approve"], "show"),
    requiredApprovers: textsOf(json["approve"], "required-approver"),
  };
}

function readAskStep(step: OutlineStep): AskStep {
  const { json } = step;
  const options = textsOf(json["ask"], "options");
  return {
    ...carried(step),
    kind: "ask",
    question: textOf(json, "ask") ?? textOf(json["ask"], "question") ?? "",
    options,
    answer: wordOf(json["ask"], "answer", [
      options.length > 0 ? "option" : "text",
      "text",
      "number",
      "boolean",
      "option",
    ]),
    foreman: textOf(json["ask"], "foreman"),
  };
}

function readLoopStep(step: OutlineStep, links: Links): LoopStep {
  const loop = step.json["loop"];
  return {
    ...common(step, needsOf(step)),
    kind: "loop",
    max: numberOf(loop, "max") ?? expressionAt(loop, "max") ?? 1,
    until: expressionAt(loop, "until") ?? "true",
    steps: readSteps(step.inside, links),
  };
}

function readForEachStep(step: OutlineStep, links: Links): ForEachStep {
  const written = step.json["for-each"];
  const items = isObject(written) ? written["items"] : written;
  return {
    ...common(step, needsOf(step)),
    kind: "for-each",
    items: expressionOf(items ?? []),
    as: itemName(step),
    limit: numberOf(written, "limit"),
    order: expressionAt(written, "order"),
    steps: readSteps(step.inside, links),
  };
}

function readSubflowStep(step: OutlineStep, { flows }: Links): SubflowStep | null {
  const flow = flows.get(textOf(step.json, "flow") ?? "");
  if (flow === undefined) return null;
  return {
    ...common(step, needsOf(step)),
    kind: "flow",
    inputs: Object.fromEntries(
      entriesOf(step.json, "with").map(([name, value]) => [name, valueTemplateOf(value)]),
    ),
    flow,
  };
}

function expressionAt(parent: Json | undefined, key: string): string | null {
  const written = fieldOf(parent, key);
  return written === undefined ? null : expressionOf(written);
}
