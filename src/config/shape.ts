import { describeConstraint } from "../schema/describe-constraint.ts";
import { nameTypes } from "../schema/type-names.ts";
import { didYouMean } from "../text/nearest.ts";
import type { Problem } from "../failure.ts";
import { isFields } from "../json/fields.ts";
import { childOf, escapePointer, stepsOf, valueAt } from "../json/pointer.ts";
import { knownKeysAt } from "./keys.ts";

/** What a schema validator says about one place. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** A validator's errors in words; values are never quoted, since one may be a secret in the wrong place. */
export function describeShape(errors: readonly SchemaError[], document: unknown): Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of errors) {
    const problem = { at: placeOf(error), message: describe(error, document) };
    problems.set(`${problem.at}\n${problem.message}`, problem);
  }
  return [...problems.values()];
}

/** The document without the places that a validator complained about, so that the rest can still be checked. */
export function withoutBrokenPlaces(document: unknown, errors: readonly SchemaError[]): unknown {
  const copy: unknown = structuredClone(document);
  for (const error of errors) remove(copy, stepsOf(placeOf(error)));
  return copy;
}

function placeOf({ instancePath, keyword, params }: SchemaError): string {
  return keyword === "additionalProperties"
    ? `${instancePath}/${escapePointer(String(params["additionalProperty"]))}`
    : instancePath;
}

function describe(
  { instancePath, keyword, params, message }: SchemaError,
  document: unknown,
): string {
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      return `unknown key ${JSON.stringify(key)}${didYouMean(key, knownKeysAt(instancePath))}`;
    }
    case "type":
      return isTokenPlace(instancePath)
        ? `${tokenFormAt(instancePath)}, never the ${secretAt(instancePath)} itself`
        : `must be ${nameTypes(params["type"])}, not ${kindOf(valueAt(document, instancePath))}`;
    case "pattern":
      return params["pattern"] === noNulPattern
        ? "must not contain a NUL character"
        : "must be text, not empty and without control characters";
    case "minProperties":
    case "maxProperties":
      return tokenFormAt(instancePath);
    case "required":
      return `needs the key ${JSON.stringify(params["missingProperty"])}`;
    default: {
      const value = valueAt(document, instancePath);
      return describeConstraint(keyword, params, value) ?? message ?? "is not allowed here";
    }
  }
}

const noNulPattern = "^[^\\u0000]*$";

/** How a token is written at this place. */
export function tokenFormAt(pointer: string): string {
  return pointer.startsWith("/discord/")
    ? 'must be {"env": "NAME"}, {"file": "path"} or {"openclaw": "path"}'
    : 'must be {"env": "NAME"} or {"file": "path"}';
}

function isTokenPlace(pointer: string): boolean {
  return /^\/((agents\/[^/]*|discord\/callers\/[^/]*|telegram)\/token|store\/postgres)$/.test(
    pointer,
  );
}

/** The address of a Postgres has its password in it. */
function secretAt(pointer: string): string {
  return pointer === "/store/postgres" ? "address" : "token";
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return nameTypes("array");
  if (typeof value === "number" && !Number.isInteger(value)) return "a fraction";
  return nameTypes(value === null ? "null" : typeof value);
}

/** Removes a place; the item of a list takes the whole list along, since the others would move. */
function remove(document: unknown, steps: readonly string[]): void {
  const last = steps.at(-1);
  if (last === undefined) return;
  const above = steps.slice(0, -1);
  const parent = above.reduce<unknown>(childOf, document);
  if (Array.isArray(parent)) remove(document, above);
  else if (isFields(parent)) Reflect.deleteProperty(parent, last);
}
