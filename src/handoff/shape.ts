import type { Problem } from "../failure.ts";
import { handoffBasic, handoffStrict } from "../schema/validators.js";
import type { SchemaError } from "./describe-error.ts";
import { describeErrors } from "./describe-error.ts";
import type { Handoff, Validation } from "./document.ts";

/** A handoff, or what its schema has against it. */
export type Shape =
  | { readonly ok: true; readonly handoff: Handoff }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Holds a document against the schema of handoffs. */
export function checkShape(
  document: Readonly<Record<string, unknown>>,
  validation: Validation,
): Shape {
  if (validation === "strict") {
    return handoffStrict(document)
      ? { ok: true, handoff: document }
      : refuse(handoffStrict.errors, document);
  }
  if (!handoffBasic(document)) return refuse(handoffBasic.errors, document);
  const kept = withoutMistyped(document);
  return hasHandoffTypes(kept)
    ? { ok: true, handoff: kept }
    : refuse(handoffStrict.errors, document);
}

function refuse(errors: readonly SchemaError[] | null | undefined, document: unknown): Shape {
  return { ok: false, problems: describeErrors(errors ?? [], { document, prefix: "", forms }) };
}

const forms = {
  "/schemaVersion": 'a version such as "1.1"',
  "/timestamp": "an instant with its time zone, such as 2026-01-31T12:00:00Z",
};

/** Who did not ask for validation still relies on the types, so a field of another type is left out. */
function withoutMistyped(document: object): object {
  if (handoffStrict(document)) return document;
  const errors: readonly SchemaError[] = handoffStrict.errors ?? [];
  const mistyped = new Set(errors.filter(isMistyped).map(fieldOf));
  return Object.fromEntries(Object.entries(document).filter(([field]) => !mistyped.has(field)));
}

function hasHandoffTypes(document: object): document is Handoff {
  if (handoffStrict(document)) return true;
  const errors: readonly SchemaError[] = handoffStrict.errors ?? [];
  return !errors.some(isMistyped);
}

function isMistyped({ instancePath, keyword }: SchemaError): boolean {
  return instancePath !== "" && typeKeywords.has(keyword);
}

const typeKeywords: ReadonlySet<string> = new Set(["type", "enum", "required"]);

function fieldOf({ instancePath }: SchemaError): string | undefined {
  return instancePath.split("/")[1];
}
