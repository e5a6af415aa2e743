import { fieldsIn, isFields } from "../json/fields.ts";
import type { Problem, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { escapePointer } from "../json/pointer.ts";
import { readJsonText } from "../json/json-text.ts";
import { describeShape, withoutBrokenPlaces } from "./shape.ts";
import type { SchemaError } from "./shape.ts";

/** A schema that says whether a value is a `T`, and if not, why. */
export interface DocumentSchema<T> {
  readonly accepts: (value: unknown) => value is T;
  /** What was wrong with the value last asked about. */
  readonly errors: () => readonly SchemaError[];
}

/** A document as far as it could be understood. */
export interface ReadDocument<T> {
  readonly problems: readonly Problem[];
  /** The document without its broken places, or null when nothing of use is left. */
  readonly written: T | null;
  /** The names below `agents`, also of those that are broken. */
  readonly agentNames: readonly string[];
  /** The names of agents of which a part is broken. */
  readonly brokenAgents: readonly string[];
}

/** Reads a config or a registry; fails with a sentence when the text is no JSON at all. */
export function readDocument<T>(
  text: string,
  schema: DocumentSchema<T>,
): Result<ReadDocument<T>, string> {
  const reading = readJsonText(text);
  if (!reading.ok) {
    const { line, column, what, excerpt } = reading.mistake;
    const shown = excerpt === "" ? "" : `: ${excerpt}`;
    return failure(`is not JSON at line ${line}, column ${column} (${what})${shown}`);
  }
  const { value, duplicates } = reading;
  const whole = schema.accepts(value) ? value : null;
  const errors = whole === null ? schema.errors() : [];
  const agentNames = namesOfAgents(value);
  const problems = [
    ...duplicates.map((at) => ({ at, message: "stands twice here; only the last would count" })),
    ...describeShape(errors, value),
  ];
  return success({
    problems,
    written: whole ?? salvage(value, errors, schema),
    agentNames,
    brokenAgents: agentNames.filter((name) => problems.some(({ at }) => isInside(at, name))),
  });
}

/** What is left may lack a key that is needed, and then has to give way itself. */
function salvage<T>(
  value: unknown,
  errors: readonly SchemaError[],
  schema: DocumentSchema<T>,
): T | null {
  let rest = value;
  let wrong = errors;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    rest = withoutBrokenPlaces(rest, wrong);
    if (schema.accepts(rest)) return rest;
    wrong = schema.errors();
  }
  return null;
}

/** No deeper than the places in a config that need a key. */
const MAX_ROUNDS = 4;

function namesOfAgents(value: unknown): string[] {
  return isFields(value) ? Object.keys(fieldsIn(value, "agents")) : [];
}

function isInside(pointer: string, agentName: string): boolean {
  return pointer.startsWith(`/agents/${escapePointer(agentName)}/`);
}
