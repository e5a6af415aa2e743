import { oneLine } from "../../text/one-line.ts";
import { unreachable } from "../../unreachable.ts";
import type { FlowRequest } from "../flow-run.ts";
import type { Work } from "../work.ts";
import { shortInputs } from "./short-plan.ts";
import type { PlannedStep, PlannedWave } from "./plan-flow.ts";

/** A plan for people; a full one has whole prompts, commands and values. */
export function describePlan(
  { flow, inputs, agents, cwd }: FlowRequest,
  waves: readonly PlannedWave[],
  isFull: boolean,
): string {
  const roles = Object.entries(agents).map(([role, agent]) => `${role}=${agent}`);
  const lines = [
    flow.description === "" ? flow.name : `${flow.name}: ${flow.description}`,
    `folder: ${cwd}`,
    `inputs: ${JSON.stringify(isFull ? inputs : shortInputs(inputs))}`,
    ...(roles.length === 0 ? [] : [`agents: ${roles.join(", ")}`]),
    "",
    ...linesOf(waves, isFull),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(waves: readonly PlannedWave[], isFull: boolean): readonly string[] {
  return waves.flatMap((wave, index) => [
    `wave ${index + 1}`,
    ...wave.flatMap((step) => linesOfStep(step, isFull)).map((line) => `  ${line}`.trimEnd()),
  ]);
}

function linesOfStep(step: PlannedStep, isFull: boolean): readonly string[] {
  const conditions = [
    ...(step.when === null ? [] : [`when ${oneLine(step.when)}`]),
    ...(step.onFailure === "fail" ? [] : [`on failure: ${step.onFailure}`]),
  ];
  const title = [`${step.id}: ${whatIsDone(step)}`, ...conditions].join("; ");
  const body = step.work === null || !isFull ? [] : detailsOf(step.work);
  return [
    title,
    ...body.map((line) => `  | ${line}`),
    ...linesOf(step.inside, isFull).map((line) => `  ${line}`),
  ];
}

function whatIsDone({ work, repeats, kind, role }: PlannedStep): string {
  return work === null ? `${kind}, ${oneLine(repeats ?? "")}` : describeWork(work, role);
}

/** What would be done, in a line. */
export function describeWork(work: Work, role: string | null): string {
  switch (work.kind) {
    case "agent": {
      const as = role === null || role === work.agent ? "" : ` as ${role}`;
      return `agent ${work.agent}${as}${work.mode === "plan" ? ", read-only" : ""}${timeOf(work)}`;
    }
    case "run":
      return `run${work.cwd === null ? "" : ` in ${work.cwd}`}${timeOf(work)}`;
    case "approve": {
      const by =
        work.requiredApprovers.length === 0 ? "" : ` by ${work.requiredApprovers.join(" or ")}`;
      return `approve${by}${timeOf(work)}`;
    }
    case "ask":
      return `ask${work.foreman === null ? "" : `, first ${work.foreman}`}${timeOf(work)}`;
    default:
      return unreachable(work);
  }
}

/** What would be done, whole. */
export function detailsOf(work: Work): readonly string[] {
  switch (work.kind) {
    case "agent":
      return linesIn(work.task);
    case "run":
      return [
        ...(typeof work.command === "string"
          ? linesIn(work.command)
          : [work.command.map((word) => JSON.stringify(word)).join(" ")]),
        ...values(work.env),
        ...(work.stdin === undefined ? [] : ["reads:", ...linesIn(work.stdin)]),
      ];
    case "approve":
      return [
        ...linesIn(work.message),
        ...(work.show === null
          ? []
          : [`shows: ${oneLine(work.show.line)}`, ...values(work.show.env)]),
      ];
    case "ask":
      return [
        ...linesIn(work.question),
        ...work.options.map((text, index) => `${index + 1}. ${text}`),
      ];
    default:
      return unreachable(work);
  }
}

function values(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
}

function timeOf({ timeoutMs }: Work): string {
  return timeoutMs === null ? "" : `, at most ${timeoutMs / 1_000} s`;
}

function linesIn(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}
