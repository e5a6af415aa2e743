import { LONGEST_ASKED_SECONDS } from "./clock.ts";
import { isFields } from "./json/fields.ts";
import type { Failure } from "./failure.ts";

/** The options of a library call that programs get wrong, since they may be computed. */
interface CheckedOptions {
  readonly agent: string;
  readonly task: string;
  readonly timeoutSeconds?: number;
  readonly deadlineSeconds?: number;
  readonly idleTimeoutSeconds?: number;
  readonly attempts?: number;
  readonly mode?: string;
  readonly context?: readonly { readonly name: string; readonly text: string }[];
}

/** What is wrong with the options of a library call, or null. */
export function findOptionProblem(options: CheckedOptions): Failure | null {
  for (const name of ["agent", "task"] as const) {
    if (typeof options[name] !== "string") return usage(name, "is not a text", "give a string");
  }
  for (const name of ["timeoutSeconds", "deadlineSeconds", "idleTimeoutSeconds"] as const) {
    const seconds = options[name];
    if (seconds !== undefined && !(seconds > 0 && seconds <= LONGEST_ASKED_SECONDS)) {
      const hint = `give a number above 0, at most ${LONGEST_ASKED_SECONDS}`;
      return usage(name, `is not a number of seconds: ${seconds}`, hint);
    }
  }
  const { attempts, mode = "write", context = [] } = options;
  if (!Array.isArray(context) || !context.every(isContext))
    return usage("context", "is not a list of texts", "give [{ name, text }]");
  // A word that is not understood must not come to mean that everything is allowed.
  if (mode !== "plan" && mode !== "write")
    return usage(
      "mode",
      `is neither plan nor write: ${mode}`,
      'give "plan" for an agent that can only read',
    );
  return attempts === undefined || (Number.isInteger(attempts) && attempts >= 1)
    ? null
    : usage("attempts", `is not a number of attempts: ${attempts}`, "give 1, 2 or 3");
}

function isContext(part: unknown): boolean {
  return isFields(part) && typeof part["name"] === "string" && typeof part["text"] === "string";
}

function usage(name: string, what: string, hint: string): Failure {
  return { code: "usage", message: `the option ${name} ${what}`, hint };
}
