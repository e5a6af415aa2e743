import type { Compiler } from "../expression/compile.ts";
import type { Flow } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { flowFile } from "../../schema/flow-validator.js";
import { describeShape } from "./describe-shape.ts";
import { complain, complainOfKey } from "./complaint.ts";
import type { Complaint } from "./complaint.ts";
import { entriesOf, fieldOf, textOf } from "../../json/json-fields.ts";
import { isWord } from "./links.ts";
import type { Links } from "./links.ts";
import { allSteps, kindOf } from "./outline.ts";
import type { OutlineScope, OutlineStep } from "./outline.ts";
import { checkBudget, checkStepReserve } from "./rules/budget.ts";
import { checkInputs } from "./rules/inputs.ts";
import { checkCommand } from "./rules/commands.ts";
import { checkExpressions } from "./rules/expressions.ts";
import { checkItemName, checkNextIteration, checkUntil } from "./rules/loops.ts";
import { checkCycles, checkIds, checkNeeds } from "./rules/needs.ts";
import { checkReach } from "./rules/reach.ts";
import { checkRoles } from "./rules/roles.ts";
import { checkRunIds } from "./rules/run-ids.ts";
import { checkSize } from "./rules/size.ts";
import { checkStepKeys } from "./rules/step-keys.ts";
import { checkSubflow } from "./rules/subflows.ts";
import { checkTimes } from "./rules/times.ts";
import { sightOfReport } from "./sight.ts";
import { sitesOf } from "./sites.ts";

/** A flow file as far as it could be read. */
export interface FileFacts {
  readonly document: Json;
  readonly root: OutlineScope;
  readonly links: Links;
  readonly flow: Flow;
  readonly compiler: Compiler;
}

/** More are no flow that anybody could follow. */
const MOST_STEPS = 1000;

/** Everything that is wrong with a flow file, as its schema says it and as its rules do. */
export function checkFile(facts: FileFacts): readonly Complaint[] {
  const { document, root, flow } = facts;
  const ofShape = flowFile(document) ? [] : describeShape(flowFile.errors ?? [], document);
  const steps = allSteps(root);
  if (steps.length > MOST_STEPS) {
    return [complainOfKey("/steps", `has ${steps.length} steps; a flow has at most ${MOST_STEPS}`)];
  }
  return [
    ...ofShape,
    ...checkIds(root),
    ...scopesIn(root).flatMap(checkCycles),
    ...scopesIn(root).flatMap((scope) => checkReach(scope, facts.compiler)),
    ...checkInputs(flow.inputs),
    ...checkBudget(fieldOf(document, "budget")),
    ...steps.flatMap((step) => checkStep(step, facts)),
    ...checkReport(facts),
    ...checkRunIds(flow),
    ...checkSize(flow),
  ];
}

function checkStep(step: OutlineStep, facts: FileFacts): readonly Complaint[] {
  const { document, root, links, compiler } = facts;
  const { inputs } = facts.flow;
  const roles = entriesOf(document, "agents").map(([role]) => role);
  return [
    ...checkStepKeys(step),
    ...checkNeeds(step, root),
    ...checkRoles(step, roles),
    ...checkNextIteration(step),
    ...checkUntil(step, compiler),
    ...checkItemName(step, compiler),
    ...checkCommand(step),
    ...checkTimes(step),
    ...checkStepReserve(step, fieldOf(document, "budget")),
    ...checkSubflow(step, links.flows),
    ...checkPersona(step, document),
    ...sitesOf(step).flatMap((site) => checkExpressions(site, inputs, compiler)),
  ];
}

/** A persona that is chosen when the step begins can only be one that the flow has with it. */
function checkPersona(step: OutlineStep, document: Json): readonly Complaint[] {
  const persona = textOf(step.json, "persona");
  if (persona === null || isWord(persona) || kindOf(step) !== "agent") return [];
  if (fieldOf(document, "personas") !== undefined) return [];
  const message = 'name the personas that this can be in the flow\'s "personas"';
  return [complain(`${step.at}/persona`, message)];
}

function checkReport({ document, root, flow, compiler }: FileFacts): readonly Complaint[] {
  const report = textOf(document, "report");
  if (report === null) return [];
  return checkExpressions(
    { at: "/report", kind: "template", text: report, offset: 0, sight: sightOfReport(root) },
    flow.inputs,
    compiler,
  );
}

function scopesIn(scope: OutlineScope): readonly OutlineScope[] {
  return [
    scope,
    ...[...scope.steps.values()].flatMap(({ inside }) => (inside === null ? [] : scopesIn(inside))),
  ];
}
