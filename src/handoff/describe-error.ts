import { cutText } from "../text/cut-text.ts";
import { escapeInJson } from "../text/plain.ts";
import { describeConstraint } from "../schema/describe-constraint.ts";
import { nameKind, nameTypes } from "../schema/type-names.ts";
import { escapePointer, valueAt } from "../json/pointer.ts";
import type { Problem } from "../failure.ts";
import { didYouMean } from "../text/nearest.ts";

/** What a schema validator says about one place. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** Given where it is about the name of a property, and not about its value. */
  readonly propertyName?: string;
}

/** How errors of one schema are told. */
export interface Telling {
  readonly document: unknown;
  /** Where the document lies in the whole one, as a JSON pointer. */
  readonly prefix: string;
  /** What to say when the text at this pointer does not have the right form. */
  readonly forms: Readonly<Record<string, string>>;
}

/** The most problems that are told; a broken list of a million items is one mistake, made often. */
const MAX_PROBLEMS = 50;

/** A validator's errors as sentences, each once. */
export function describeErrors(errors: readonly SchemaError[], telling: Telling): Problem[] {
  const problems = new Map<string, Problem>();
  let left = 0;
  for (const error of errors) {
    if (consequences.has(error.keyword)) continue;
    const problem = { at: `${telling.prefix}${placeOf(error)}`, message: describe(error, telling) };
    const key = `${problem.at}\n${problem.message}`;
    if (problems.has(key)) continue;
    if (problems.size < MAX_PROBLEMS) problems.set(key, problem);
    else left += 1;
  }
  const rest = left === 0 ? [] : [{ at: "", message: `and ${left} more problems` }];
  return [...problems.values(), ...rest];
}

/** These only say that something else was wrong, which has an error of its own. */
const consequences: ReadonlySet<string> = new Set(["if", "propertyNames"]);

const namesOfExtras: Readonly<Record<string, string>> = {
  required: "missingProperty",
  dependentRequired: "missingProperty",
  additionalProperties: "additionalProperty",
  unevaluatedProperties: "unevaluatedProperty",
};

function placeOf({ instancePath, keyword, params }: SchemaError): string {
  const extra = Object.hasOwn(namesOfExtras, keyword) ? namesOfExtras[keyword] : undefined;
  return extra === undefined
    ? instancePath
    : `${instancePath}/${escapePointer(String(params[extra]))}`;
}

function describe(error: SchemaError, telling: Telling): string {
  const { instancePath, propertyName } = error;
  if (propertyName === undefined)
    return describeValue(error, valueAt(telling.document, instancePath), telling);
  return `the name ${quote(propertyName)} ${describeValue(error, propertyName, telling)}`;
}

function describeValue(
  { instancePath, keyword, params, message }: SchemaError,
  value: unknown,
  telling: Telling,
): string {
  switch (keyword) {
    case "required":
    case "dependentRequired":
      return `the property ${quote(params["missingProperty"])} is missing`;
    case "additionalProperties":
      return `the property ${quote(params["additionalProperty"])} is not allowed`;
    case "unevaluatedProperties":
      return `the property ${quote(params["unevaluatedProperty"])} is not allowed`;
    case "type":
      return `must be ${nameTypes(params["type"])}, not ${nameKind(value)}`;
    case "enum":
      return describeEnum(params["allowedValues"], value);
    case "const":
      return `must be ${quote(params["allowedValue"])}, not ${quote(value)}`;
    case "pattern":
      return describePattern(params["pattern"], telling.forms[instancePath], value);
    default:
      return describeConstraint(keyword, params, value) ?? message ?? "is not allowed here";
  }
}

function describePattern(pattern: unknown, form: string | undefined, value: unknown): string {
  if (pattern === String.raw`\S`) return "must not be empty";
  return `must be ${form ?? `a text that matches ${String(pattern)}`}, not ${quote(value)}`;
}

function describeEnum(allowed: unknown, value: unknown): string {
  const words: readonly unknown[] = Array.isArray(allowed) ? allowed : [];
  const texts = words.filter((word) => typeof word === "string");
  const meant = typeof value === "string" ? didYouMean(value, texts) : "";
  return `must be one of ${words.map(quote).join(", ")}, not ${quote(value)}${meant}`;
}

/** A value on one line, cut, and without characters that could steer a terminal. */
function quote(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return escapeInJson(cutText(json, 80));
}
