import { sizeWords } from "../text/size-words.ts";
import type { Problem } from "../failure.ts";
import { readHandoff } from "./check.ts";
import type { Handoff } from "./document.ts";
import { MAX_HANDOFF_BYTES } from "./document.ts";
import { parseDocument } from "./parse.ts";
import type { Expectation } from "./rules.ts";
import { unreachable } from "../unreachable.ts";

/** What is known of a handoff without its saying so. */
export interface KnownFields {
  readonly runId: string;
  readonly agent: string;
  /** The instant in UTC, ISO 8601. */
  readonly timestamp: string;
}

/** A document that an agent wants to hand over: ready to be written, or all that is wrong with it. */
export type Submission =
  | { readonly kind: "ready"; readonly handoff: Handoff; readonly text: string }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[] };

/** Adds what the document leaves out and is known, and judges the result just as the caller will. */
export function judgeSubmission(
  bytes: Uint8Array,
  known: KnownFields,
  expectation: Expectation,
): Submission {
  if (bytes.length > MAX_HANDOFF_BYTES) return wrong([{ at: "", message: tooLarge }]);
  const parsing = parseDocument(bytes);
  if (parsing.kind !== "document") return wrong(parsing.problems);
  const text = `${JSON.stringify({ ...known, ...parsing.document })}\n`;
  const written = new TextEncoder().encode(text);
  if (written.length > MAX_HANDOFF_BYTES) return wrong([{ at: "", message: tooLarge }]);
  const reading = readHandoff(written, expectation);
  switch (reading.kind) {
    case "handoff":
      return { kind: "ready", handoff: reading.handoff, text };
    case "working":
      return wrong([{ at: "/status", message: notFinal }]);
    case "unfinished":
    case "rejected":
      return wrong(reading.problems);
    default:
      return unreachable(reading);
  }
}

/** What is wrong with a handoff of which not even the size is right. */
export const tooLarge = `the handoff is larger than ${sizeWords(MAX_HANDOFF_BYTES)}; put large results into a file of their own and name its path`;
const notFinal = '"working" is a sign of life, not a result; say it with delegate handoff progress';

function wrong(problems: readonly Problem[]): Submission {
  return { kind: "wrong", problems };
}
