import type { Problem } from "../failure.ts";
import type { Handoff, WorkingHandoff } from "./document.ts";
import { parseDocument } from "./parse.ts";
import type { Expectation } from "./rules.ts";
import { checkRules } from "./rules.ts";
import { checkShape } from "./shape.ts";

export type { Expectation } from "./rules.ts";

/** A handoff file that was turned down, and everything that is wrong with it. */
interface Rejected {
  readonly kind: "rejected";
  readonly code: "malformed" | "invalid";
  readonly problems: readonly Problem[];
}

/** What a handoff file says. */
export type Reading =
  /** It may become whole; the problems say what is wrong in case it stays so. */
  | { readonly kind: "unfinished"; readonly problems: readonly Problem[] }
  | { readonly kind: "working"; readonly working: WorkingHandoff }
  | { readonly kind: "handoff"; readonly handoff: Handoff }
  | Rejected;

/** A reading that stands, since nothing more is going to come. */
export type FinalReading = Exclude<Reading, { readonly kind: "unfinished" }>;

/** From the bytes of a handoff file to a verdict, with all that is wrong at once. */
export function readHandoff(bytes: Uint8Array, expectation: Expectation): Reading {
  const parsing = parseDocument(bytes);
  if (parsing.kind !== "document") return parsing;
  const { document } = parsing;
  if (document["status"] === "working") return { kind: "working", working: readWorking(document) };
  const shape = checkShape(document, expectation.validation);
  const problems = [...(shape.ok ? [] : shape.problems), ...checkRules(document, expectation)];
  return shape.ok && problems.length === 0
    ? { kind: "handoff", handoff: shape.handoff }
    : { kind: "rejected", code: "invalid", problems };
}

/** What a reading is when the file stays as it is: an unfinished one is malformed. */
export function finalReadingOf(reading: Reading): FinalReading {
  return reading.kind === "unfinished"
    ? { kind: "rejected", code: "malformed", problems: reading.problems }
    : reading;
}

/** A sign of life counts whatever else is in it: what is not as it should be is left out. */
function readWorking({
  result,
  notes,
  percent,
}: Readonly<Record<string, unknown>>): WorkingHandoff {
  return {
    status: "working",
    ...(typeof result === "string" ? { result } : {}),
    ...(typeof notes === "string" ? { notes } : {}),
    ...(typeof percent === "number" && percent >= 0 && percent <= 100 ? { percent } : {}),
  };
}
