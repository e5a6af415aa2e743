import { escapePointer } from "../../../json/pointer.ts";
import { didYouMean } from "../../../text/nearest.ts";
import type { Flow } from "../../flow.ts";
import { createInputJudge } from "../../inputs/judge-inputs.ts";
import type { Json } from "../../json.ts";
import { complain, complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { entriesOf, fieldOf, textOf, textsOf } from "../../json-fields.ts";
import type { OutlineStep } from "../outline.ts";
import { takesOtherInputs } from "../../inputs/input-names.ts";

/** Inputs that another flow does not know, or can't do without. */
export function checkSubflow(
  step: OutlineStep,
  flows: ReadonlyMap<string, Flow>,
): readonly Complaint[] {
  const flow = flows.get(textOf(step.json, "flow") ?? "");
  const given = entriesOf(step.json, "with");
  const nested = given.flatMap(([name, value]) =>
    typeof value === "object" && value !== null && JSON.stringify(value).includes("${{")
      ? [
          complain(
            `${step.at}/with/${escapePointer(name)}`,
            'expressions are not looked for in lists and objects; write it as one, such as ${{ {"a": inputs.b} }}',
          ),
        ]
      : [],
  );
  return flow === undefined ? nested : [...nested, ...checkInputs(step, flow, given)];
}

function checkInputs(
  step: OutlineStep,
  { name: flowName, inputs }: Flow,
  given: readonly (readonly [string, Json])[],
): readonly Complaint[] {
  const known = entriesOf(inputs, "properties").map(([name]) => name);
  const unknown = given.filter(([name]) => !known.includes(name) && !takesOtherInputs(inputs));
  const missing = textsOf(inputs, "required").filter(
    (name) => !given.some(([other]) => other === name) && !hasDefault(inputs, name),
  );
  return [
    ...unknown.map(([name]) =>
      complainOfKey(
        `${step.at}/with/${escapePointer(name)}`,
        `the flow "${flowName}" has no input "${name}"${didYouMean(name, known)}`,
      ),
    ),
    ...missing.map((name) =>
      complainOfKey(`${step.at}/flow`, `the flow "${flowName}" needs the input "${name}" in with`),
    ),
    ...given.flatMap(([name, value]) => checkValue(step, inputs, name, value)),
  ];
}

/** A value that is known before the start. */
function checkValue(
  step: OutlineStep,
  schema: Flow["inputs"],
  name: string,
  value: Json,
): readonly Complaint[] {
  const property = fieldOf(fieldOf(schema, "properties"), name);
  // What it refers to stands elsewhere in the schema.
  if (property === undefined || /\$\{\{|"\$ref"/.test(JSON.stringify([property, value]))) return [];
  const alone = { type: "object", properties: { [name]: property } };
  return createInputJudge()(alone, { [name]: value }).map((trouble) =>
    complain(`${step.at}/with/${escapePointer(name)}`, trouble),
  );
}

function hasDefault(inputs: Flow["inputs"], name: string): boolean {
  return fieldOf(fieldOf(fieldOf(inputs, "properties"), name), "default") !== undefined;
}
