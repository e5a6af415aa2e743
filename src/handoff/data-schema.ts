import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";
import type { Failure, Problem, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { jsonSchema } from "../schema/json-schema-validator.js";
import { describeErrors } from "./describe-error.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** Makes the check for a handoff's `data` from the caller's JSON Schema, or says why that can't be done. */
export function compileDataSchema(schema: unknown): Result<(data: unknown) => readonly Problem[]> {
  if (!isSchema(schema)) {
    return failure(unusable("it is neither an object nor true or false", writeSchema));
  }
  const draft = typeof schema === "boolean" ? undefined : schema["$schema"];
  if (draft !== undefined && !isOurDraft(draft)) {
    return failure(
      unusable(`its "$schema" is ${JSON.stringify(draft)}`, `use JSON Schema 2020-12: "${DRAFT}"`),
    );
  }
  return compile(schema);
}

type Schema = boolean | Readonly<Record<string, unknown>>;

function compile(schema: Schema): Result<(data: unknown) => readonly Problem[]> {
  try {
    if (!jsonSchema(schema)) {
      const errors = jsonSchema.errors ?? [];
      const problems = describeErrors(errors, { document: schema, prefix: "", forms: {} });
      return failure({ ...unusable(firstOf(problems), writeSchema), problems });
    }
    const validateAll = compiler(true, schema).compile(schema);
    if ("$async" in validateAll) return failure(unusable('it is "$async"', 'remove "$async"'));
    validateAll(null);
    let validateFirst: ValidateFunction | null = null;
    return success((data) => {
      if (!isLarge(data)) return check(validateAll, data);
      validateFirst ??= compiler(false, schema).compile(schema);
      return check(validateFirst, data);
    });
  } catch (error) {
    return failure(explain(error));
  }
}

/** The draft's own schema is checked already, and takes long to compile; it is only there for a schema that refers to it. */
function compiler(allErrors: boolean, schema: Schema): Ajv2020 {
  const meta = refersToDraft.test(JSON.stringify(schema));
  return new Ajv2020({
    strict: false,
    allErrors,
    validateFormats: false,
    logger: false,
    validateSchema: false,
    meta,
  });
}

const refersToDraft = /"\$(?:ref|dynamicRef)":"https?:\/\/json-schema\.org\/draft\/2020-12\//;

function check(validate: ValidateFunction, data: unknown): Problem[] {
  try {
    if (validate(data)) return [];
  } catch (error) {
    const message = `can't be checked: ${reasonOf(error)}`;
    return [{ at: "/data", message }];
  }
  return describeErrors(validate.errors ?? [], { document: data, prefix: "/data", forms: {} });
}

/** In a very large value every item may be wrong, and a million errors don't fit in memory; then the first one has to do. */
function isLarge(data: unknown): boolean {
  const open: unknown[] = [data];
  for (let index = 0; index < open.length; index += 1) {
    const value = open[index];
    if (typeof value !== "object" || value === null) continue;
    const children: readonly unknown[] = Object.values(value);
    if (open.length + children.length > LARGE) return true;
    open.push(...children);
  }
  return false;
}

const LARGE = 50_000;

function explain(error: unknown): Failure {
  if (error instanceof Error && "missingRef" in error) {
    return unusable(
      `its "$ref" to ${JSON.stringify(error.missingRef)} leads nowhere`,
      'put what it refers to into the same schema, under "$defs"; nothing is fetched',
    );
  }
  return unusable(reasonOf(error), writeSchema);
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "the schema refers to itself without end, or is too deep";
  const text = messageOf(error);
  return text.replaceAll(/\s+/g, " ").slice(0, 300);
}

function firstOf(problems: readonly Problem[]): string {
  const [first] = problems;
  if (first === undefined) return "it is no valid schema";
  return first.at === "" ? first.message : `${first.at} ${first.message}`;
}

const writeSchema = "write it as JSON Schema 2020-12 says: https://json-schema.org";

function unusable(reason: string, hint: string): Failure {
  return { code: "usage", message: `the schema for data can't be used: ${reason}`, hint };
}

function isOurDraft(draft: unknown): boolean {
  return typeof draft === "string" && draft.replace(/#$/, "") === DRAFT;
}

function isSchema(schema: unknown): schema is Schema {
  if (typeof schema === "boolean") return true;
  return typeof schema === "object" && schema !== null && !Array.isArray(schema);
}
