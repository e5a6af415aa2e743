import type { Budget, Flow } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { entriesOf, fieldOf, isObject, textOf, wordOf } from "../../json/json-fields.ts";
import type { Links } from "./links.ts";
import type { OutlineScope } from "./outline.ts";
import { readCost } from "./read-cost.ts";
import { readSteps } from "./read-step.ts";

/** The flow that a file describes, as far as it is not broken; with what it points to in it. */
export function readFlow(document: Json, root: OutlineScope, links: Links): Flow {
  return {
    schema: "delegate.flow.v1",
    name: textOf(document, "name") ?? "",
    description: textOf(document, "description") ?? "",
    category: textOf(document, "category"),
    inputs: fieldOf(document, "inputs") ?? null,
    agents: Object.fromEntries(
      entriesOf(document, "agents").flatMap(([role, agent]) =>
        typeof agent === "string" ? [[role, agent]] : [],
      ),
    ),
    personas: Object.fromEntries(links.personas),
    budget: readBudget(fieldOf(document, "budget")),
    steps: readSteps(root, links),
    report: textOf(document, "report"),
  };
}

function readBudget(written: Json | undefined): Budget | null {
  if (!isObject(written)) return null;
  return {
    ...readCost(written),
    unknown: wordOf(written, "unknown", ["reserved", "free", "fail"]),
    reserve: readCost(fieldOf(written, "reserve")),
  };
}
