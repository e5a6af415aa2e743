import { resolve } from "node:path";
import { readOwnFile } from "../../config/own-file.ts";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { readYaml } from "../../flows/file/read-yaml.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import { isObject } from "../../flows/json-fields.ts";
import { describePlan } from "../../flows/rehearsal/plan-text.ts";
import { planFlow } from "../../flows/rehearsal/plan-flow.ts";
import { describeRehearsal } from "../../flows/rehearsal/rehearsal-text.ts";
import { rehearse } from "../../flows/rehearsal/rehearse.ts";
import { shortInputs, shortRehearsed, shortWaves } from "../../flows/rehearsal/short-plan.ts";
import type { Stubs } from "../../flows/rehearsal/stubs.ts";
import { findStubProblems } from "../../flows/rehearsal/stubs.ts";
import { plainText } from "../../text/plain.ts";
import { reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowRunCommand } from "./command.ts";
import { shortPath } from "./load-named-flow.ts";
import { loadEvaluator } from "../../flows/expression/load-evaluator.ts";
import { refuseFlow } from "./print-outcome.ts";

/** `delegate flow run … --dry-run`: what would be done, and with stubs how all of it would go. Nothing is kept. */
export async function runDryRun(
  request: FlowRequest,
  command: FlowRunCommand,
  shell: Shell,
): Promise<number> {
  const evaluator = await loadEvaluator();
  const { flow, flowRunId, inputs, agents, author, cwd } = request;
  const { isFull } = command;
  const shown = isFull ? inputs : shortInputs(inputs);
  const facts = { dryRun: true, flowRunId, name: flow.name, author, cwd, inputs: shown, agents };
  if (command.stubsFile === null) {
    const planned = planFlow(request, evaluator);
    const waves = isFull ? planned : shortWaves(planned);
    if (command.format === "json") reportJson({ ...facts, waves }, shell);
    else shell.stdout.write(plainText(describePlan(request, planned, isFull)));
    return 0;
  }
  const stubs = readStubs(command.stubsFile, request, shell);
  if (!stubs.ok) return refuseFlow(stubs.failure, { name: flow.name }, command.format, shell);
  const rehearsal = rehearse(request, stubs.value, evaluator);
  const steps = isFull ? rehearsal.steps : rehearsal.steps.map(shortRehearsed);
  if (command.format === "json") reportJson({ ...facts, ...rehearsal, steps }, shell);
  else shell.stdout.write(plainText(describeRehearsal(request, rehearsal, isFull)));
  return 0;
}

function readStubs(file: string, { flow }: FlowRequest, { cwd }: Shell): Result<Stubs> {
  const path = resolve(cwd, file);
  const text = readOwnFile(path, "none");
  if (!text.ok) return failure({ code: "usage", ...text.failure });
  const { value, problems } = readYaml(text.value);
  const [broken] = problems;
  const wrong =
    broken === undefined
      ? findStubProblems(value, flow)
      : [`line ${broken.line}, column ${broken.column}: ${broken.message}`];
  if (wrong.length === 0 && isObject(value)) return success(value);
  return failure({
    code: "usage",
    message: `the stubs in ${shortPath(path, cwd)} are not right: ${wrong[0] ?? ""}`,
    hint: "write step ids, and for each what it comes to; delegate flow graph names the steps",
    problems: wrong.map((message) => ({ at: shortPath(path, cwd), message })),
  });
}
