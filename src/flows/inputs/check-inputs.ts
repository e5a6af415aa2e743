import { unescapePointer } from "../../json/pointer.ts";
import type { Problem } from "../../failure.ts";
import { didYouMean } from "../../text/nearest.ts";
import { completeInputs, withDefaults } from "./complete-inputs.ts";
import { takesOtherInputs } from "./input-names.ts";
import { inputValue } from "./input-value.ts";
import type { Json, JsonObject } from "../../json/json.ts";
import { entriesOf, fieldOf, isObject, textOf, textsOf } from "../../json/json-fields.ts";

/** An input as somebody gave it. */
export interface GivenInput {
  readonly name: string;
  readonly text: string;
}

/** Inputs that a flow can begin with, or in sentences all that is wrong with them. */
export type CheckedInputs =
  | { readonly ok: true; readonly inputs: JsonObject }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Finds what is wrong in a value, each with its place below `/data`. */
export type CheckData = (data: unknown) => readonly Problem[];

/** The inputs of a flow from texts: each becomes what its schema wants, and what nobody gave has its default. */
export function checkInputs(
  schema: Json,
  given: readonly GivenInput[],
  check: CheckData,
): CheckedInputs {
  const values: JsonObject = Object.fromEntries(
    given.map(({ name, text }) => [name, inputValue(text, propertyOf(schema, name))]),
  );
  const filled = withDefaults(schema, values);
  const missing = textsOf(schema, "required").filter((name) => !Object.hasOwn(filled, name));
  const unknown = Object.keys(values).filter(
    (name) => propertyOf(schema, name) === undefined && !takesOtherInputs(schema),
  );
  const twice = given.filter(({ name }, index) =>
    given.slice(0, index).some((before) => before.name === name),
  );
  const problems = [
    ...twice.map(({ name }) => `the input "${name}" is given twice`),
    ...unknown.map((name) => tellUnknown(name, schema)),
    ...missing.map((name) => tellMissing(name, schema)),
    ...check(filled).flatMap((problem) => {
      const told = tellProblem(problem, [...missing, ...unknown]);
      return told.map((sentence) => sentence + howToWrite(problem, values, schema));
    }),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, inputs: completeInputs(schema, values) };
}

function propertyOf(schema: Json, name: string): Json | undefined {
  return fieldOf(fieldOf(schema, "properties"), name);
}

/** What somebody at a shell can't guess of a text that stands for another value. */
function howToWrite({ at }: Problem, values: JsonObject, schema: Json): string {
  const [, , name = "", ...deeper] = at.split("/").map(unescapePointer);
  const value = values[name];
  if (deeper.length > 0 || typeof value !== "string") return "";
  const types = textsOf(propertyOf(schema, name), "type");
  if (types.includes("string")) return "";
  if (types.includes("array")) return `; write a list as JSON, such as '["a", "b"]'`;
  if (types.includes("object")) return `; write an object as JSON, such as '{"a": 1}'`;
  const isNumber = /^-?\d+$/.test(value) && (types.includes("number") || types.includes("integer"));
  return isNumber ? "; it has more digits than a number can keep" : "";
}

function tellUnknown(name: string, schema: Json): string {
  const names = entriesOf(schema, "properties").map(([known]) => known);
  if (names.length === 0) return `the flow takes no inputs, and "${name}" is given`;
  const meant = didYouMean(name, names);
  const known = `; there are ${names.join(", ")}`;
  return `the flow has no input "${name}"${meant === "" ? known : meant}`;
}

function tellMissing(name: string, schema: Json): string {
  const description = textOf(propertyOf(schema, name), "description");
  return `the input "${name}" is missing${description === null ? "" : `: ${description}`}`;
}

/** The sentence for a problem of the validator; what is told already is not told again in its words. */
export function tellProblem({ at, message }: Problem, told: readonly string[]): readonly string[] {
  const [, , name, ...deeper] = at.split("/").map(unescapePointer);
  if (name === undefined) return [`the inputs: ${message}`];
  if (deeper.length === 0 && told.includes(name)) return [];
  const place = deeper.length === 0 ? "" : ` at /${deeper.join("/")}`;
  return [`the input "${name}"${place} ${message}`];
}

/** Whether a flow's inputs are described at all. */
export function hasSchema(schema: Json): boolean {
  return isObject(schema) && Object.keys(schema).length > 0;
}
