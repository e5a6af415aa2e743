import { escapePointer, unescapePointer } from "../../json/pointer.ts";
import { didYouMean } from "../../text/nearest.ts";
import { describeConstraint } from "../../schema/describe-constraint.ts";
import { nameKind, nameTypes } from "../../schema/type-names.ts";
import type { ValidatorError } from "../../schema/flow-validator.js";
import type { Json } from "../../json/json.ts";
import { complain, complainOfKey } from "./complaint.ts";
import type { Complaint } from "./complaint.ts";
import { isObject, valueAt } from "../../json/json-fields.ts";
import { knownKeysAt } from "./keys.ts";

/** What the schema says about a flow file, in words; which keys go together is said by the rules. */
export function describeShape(errors: readonly ValidatorError[], document: Json): Complaint[] {
  const complaints = new Map<string, Complaint>();
  for (const error of errors) {
    if (isSaidByRules(error)) continue;
    const complaint = describe(error, document);
    if (complaint !== null) complaints.set(`${complaint.at}\n${complaint.message}`, complaint);
  }
  return [...complaints.values()];
}

/** Which keys make a step, and belong together. */
function isSaidByRules({ keyword, schemaPath }: ValidatorError): boolean {
  return (
    ["oneOf", "anyOf", "dependentRequired"].includes(keyword) ||
    /\/(?:oneOf|anyOf)\/\d+\/required$/.test(schemaPath)
  );
}

function describe(
  { instancePath: at, keyword, params, message }: ValidatorError,
  document: Json,
): Complaint | null {
  const value = valueAt(document, at);
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const hint = homeOf(key, at, value) ?? didYouMean(key, knownKeysAt(at));
      return complainOfKey(`${at}/${escapePointer(key)}`, `unknown key ${quote(key)}${hint}`);
    }
    case "propertyNames": {
      const key = String(params["propertyName"]);
      return complainOfKey(`${at}/${escapePointer(key)}`, `${quote(key)} ${formOfKey(at)}`);
    }
    case "required":
      return complainOfKey(
        at,
        `${subjectAt(at)} needs the key ${quote(params["missingProperty"])}`,
      );
    case "pattern":
    case "maxLength":
      // Of a key; that is told with its name.
      return typeof value === "string"
        ? complain(at, `${subjectAt(at)} ${formOfText(params["pattern"], at)}`)
        : null;
    default: {
      const words = describeValue(keyword, params, value) ?? message ?? "is not allowed here";
      return complain(at, `${subjectAt(at)} ${words}`);
    }
  }
}

/** A key that stands beside the one it belongs in, such as `limit` beside `for-each`. */
function homeOf(key: string, at: string, parent: Json | undefined): string | null {
  const home = Object.keys(isObject(parent) ? parent : {}).find((name) =>
    knownKeysAt(`${at}/${name}`).includes(key),
  );
  return home === undefined ? null : `; it belongs in ${quote(home)}`;
}

function describeValue(
  keyword: string,
  params: Readonly<Record<string, unknown>>,
  value: Json | undefined,
): string | null {
  switch (keyword) {
    case "type":
      return `must be ${nameTypes(params["type"])}, not ${nameKind(value)}`;
    case "uniqueItems":
      return "names something twice";
    default:
      return describeConstraint(keyword, params, value);
  }
}

/** The last name on the way to this place. */
function subjectAt(at: string): string {
  const names = at.split("/").filter((name) => name !== "" && !/^\d+$/.test(name));
  const last = names.at(-1);
  return last === undefined ? "the flow" : quote(unescapePointer(last));
}

function formOfText(pattern: unknown, at: string): string {
  if (pattern === String.raw`\S`) return "must not be empty";
  if (typeof pattern === "string" && pattern.includes("ms|s|m|h|d")) {
    return "must be seconds, or a text such as 90s, 10m, 1h30m or 2d";
  }
  if (/\/(?:agent|foreman)$/.test(at)) return ROLE_FORM;
  return at.endsWith("/as") ? NAME_FORM : ID_FORM;
}

const ID_FORM = 'must be small letters, digits and "-", begin with a letter, and have at most 64';
const ROLE_FORM = 'must be letters, digits, ".", "_" and "-", at most 64';
const NAME_FORM = 'must be letters, digits and "_", and begin with no digit';

function formOfKey(at: string): string {
  if (at === "/agents") return ROLE_FORM;
  return /\/(?:env|outputs)$/.test(at) ? NAME_FORM : ID_FORM;
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
