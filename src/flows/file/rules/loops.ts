import type { Compiler } from "../../expression/compile.ts";
import { complain } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { fieldOf, textOf } from "../../../json/json-fields.ts";
import { expressionOf } from "../literal.ts";
import { containersOf, kindOf } from "../outline.ts";
import type { OutlineStep } from "../outline.ts";
import { itemName } from "../sight.ts";

/** Steps that want the next iteration of a loop that they are not in. */
export function checkNextIteration(step: OutlineStep): readonly Complaint[] {
  if (step.json["on-failure"] !== "next-iteration") return [];
  if (containersOf(step).some((each) => kindOf(each) === "loop")) return [];
  const message = "next-iteration is for steps in a loop; write fail or continue";
  return [complain(`${step.at}/on-failure`, message)];
}

/** Loops whose end depends on nothing that an iteration can change. */
export function checkUntil(step: OutlineStep, compiler: Compiler): readonly Complaint[] {
  const until = fieldOf(step.json["loop"], "until");
  if (kindOf(step) !== "loop" || until === undefined) return [];
  const compilation = compiler.compile(expressionOf(until));
  if (!compilation.ok) return [];
  const changes = compilation.references.some(
    ({ name, path: [id] }) =>
      name === "iteration" ||
      name === "previous" ||
      (name === "steps" && (id === undefined || step.inside?.steps.has(id) === true)),
  );
  if (changes) return [];
  const message = "no iteration can change this: look at a step of the loop, or at iteration";
  return [complain(`${step.at}/loop/until`, message)];
}

/** Names of items that mean something else already. */
export function checkItemName(step: OutlineStep, compiler: Compiler): readonly Complaint[] {
  if (textOf(step.json["for-each"], "as") === null) return [];
  const name = itemName(step);
  if (!taken.has(name) && !compiler.isReserved(name)) return [];
  return [complain(`${step.at}/for-each/as`, `"${name}" means something else; take another name`)];
}

const taken: ReadonlySet<string> = new Set([
  "inputs",
  "steps",
  "previous",
  "iteration",
  "index",
  "run",
  "output",
]);
