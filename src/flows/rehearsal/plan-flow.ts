import { openContainer } from "../advance/open-container.ts";
import { prepareWork } from "../advance/prepare-work.ts";
import type { Evaluator } from "../evaluator.ts";
import type { FlowRequest } from "../flow-run.ts";
import type { AgentStep, Container, Flow, LoopStep, Step, SubflowStep, WorkStep } from "../flow.ts";
import { isContainer, stepsInside } from "../inside.ts";
import type { Json, JsonObject } from "../../json/json.ts";
import { createRendering } from "../rendering.ts";
import type { Outcome } from "../rendering.ts";
import { rootSight } from "../tree/sight.ts";
import type { Sight } from "../tree/sight.ts";
import { unreachable } from "../../unreachable.ts";
import { wavesOf } from "../waves.ts";
import type { Work } from "../work.ts";
import { lenientEvaluator } from "./lenient-evaluator.ts";

/** A step as far as it is known before anything has run. */
export interface PlannedStep {
  readonly id: string;
  readonly kind: Step["kind"];
  readonly needs: readonly string[];
  readonly when: string | null;
  readonly onFailure: Step["onFailure"];
  /** The role that its agent takes; null unless an agent does it. */
  readonly role: string | null;
  /** What would be done, with all values that are known; null for a step that holds others. */
  readonly work: Work | null;
  /** How often or for what the steps in it are done, in words; null for one that holds none. */
  readonly repeats: string | null;
  readonly inside: readonly PlannedWave[];
}

/** Steps that can begin at the same time. */
export type PlannedWave = readonly PlannedStep[];

/** What a flow run would do, as far as that is known before it begins. */
export function planFlow(request: FlowRequest, evaluator: Evaluator): readonly PlannedWave[] {
  const planner = { request, evaluator: lenientEvaluator(evaluator) };
  return wavesIn(request.flow.steps, rootSight(request), planner);
}

interface Planner {
  readonly request: FlowRequest;
  readonly evaluator: Evaluator;
}

function wavesIn(steps: readonly Step[], sight: Sight, planner: Planner): readonly PlannedWave[] {
  return wavesOf(steps).map((wave) => wave.map((step) => planStep(step, sight, planner)));
}

function planStep(step: Step, sight: Sight, planner: Planner): PlannedStep {
  const { id, kind, needs, when, onFailure } = step;
  const common = { id, kind, needs, when, onFailure };
  if (!isContainer(step)) {
    const role = step.kind === "agent" ? step.agent : null;
    return { ...common, role, work: workOf(step, sight, planner), repeats: null, inside: [] };
  }
  const within = step.kind === "flow" ? insideSubflow(step, sight, planner) : sight;
  const inside = wavesIn(stepsInside(step), within, planner);
  return { ...common, role: null, work: null, repeats: repeatsOf(step, sight, planner), inside };
}

/** Every expression that has no value yet stays as it is, so that only a role that nobody takes could be missing. */
function workOf(step: WorkStep, sight: Sight, { request, evaluator }: Planner): Work | null {
  const known = step.kind === "agent" ? withKnownPersona(step, sight.flow) : step;
  const prepared: Outcome<Work> = prepareWork(known, sight, request.agents, evaluator);
  return prepared.ok ? prepared.value : null;
}

/** A persona that is chosen only when the step begins is not there yet. */
function withKnownPersona(step: AgentStep, { personas }: Flow): AgentStep {
  const isKnown = step.persona !== null && Object.hasOwn(personas, step.persona);
  return isKnown ? step : { ...step, persona: null };
}

/** Inputs that come from earlier steps are not there yet. */
function insideSubflow(step: SubflowStep, sight: Sight, { evaluator }: Planner): Sight {
  const inputs: Record<string, Json> = {};
  for (const [name, template] of Object.entries(step.inputs)) {
    const rendering = createRendering(evaluator, sight);
    const value = rendering.outcome(rendering.value(name, template));
    if (value.ok && !(typeof value.value === "string" && value.value.includes("${{")))
      inputs[name] = value.value;
  }
  const known: JsonObject = inputs;
  return { flow: step.flow, inputs: known, scopes: [], names: {}, run: sight.run };
}

function repeatsOf(step: Container, sight: Sight, planner: Planner): string {
  switch (step.kind) {
    case "loop":
      return `at most ${maxOf(step, sight, planner)} times, until ${step.until}`;
    case "for-each":
      return `for each ${step.as} of ${step.items}${step.limit === null ? "" : `, ${step.limit} at once`}${step.order === null ? "" : `, in the order of ${step.order}`}`;
    case "flow":
      return `once, as the flow ${step.flow.name}`;
    default:
      return unreachable(step);
  }
}

/** The number where it is known already, else the expression. */
function maxOf(step: LoopStep, sight: Sight, { evaluator }: Planner): string {
  const opened = openContainer(step, sight, evaluator);
  return opened.ok && opened.value.kind === "loop" ? String(opened.value.max) : String(step.max);
}
