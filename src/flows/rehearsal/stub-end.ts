import { unreachable } from "../../unreachable.ts";
import type { Json, JsonObject } from "../../json/json.ts";
import { fieldOf, isObject, textOf } from "../../json/json-fields.ts";
import type { StepFailure } from "../task.ts";
import type { Job, StepEnd, Work } from "../work.ts";

/** Who decides where people would. */
const NOBODY = "rehearsal";

/** How a step ends in a rehearsal, with a stub or without one. */
export function endOfStub({ work, runId }: Job, stub: Json | undefined): StepEnd {
  const given = isObject(stub) ? stub : shorthand(work, stub);
  const { failure, ...fields } = given;
  const output = { ...outputOf(work, runId), ...fields };
  const reason = failureOf(work, failure, output);
  return reason === null
    ? { end: "done", output, usage: null }
    : { end: "failed", failure: reason, output, usage: null, isRetryable: true };
}

/** A stub that is not an object is the field that matters most. */
function shorthand({ kind }: Work, stub: Json | undefined): JsonObject {
  if (stub === undefined || stub === null) return {};
  switch (kind) {
    case "agent":
      return typeof stub === "string" ? { result: stub } : { data: stub };
    case "run":
      return typeof stub === "number" ? { exitCode: stub } : { stdout: stub };
    case "approve":
      return { approved: stub };
    case "ask":
      return { answer: stub };
    default:
      return unreachable(kind);
  }
}

/** What a step of this kind gives when nobody says more. */
function outputOf(work: Work, runId: string): JsonObject {
  switch (work.kind) {
    case "agent":
      return {
        result: "",
        data: null,
        deliverable: null,
        artifacts: [],
        handoff: "complete",
        confidence: "high",
        runId,
        agent: work.agent,
      };
    case "run":
      return { exitCode: 0, stdout: "", stderr: "" };
    case "approve":
      return { approved: true, by: NOBODY, note: null };
    case "ask":
      return { answer: work.options[0] ?? answerLike(work.answer), by: NOBODY };
    default:
      return unreachable(work);
  }
}

function answerLike(kind: Extract<Work, { kind: "ask" }>["answer"]): Json {
  switch (kind) {
    case "number":
      return 0;
    case "boolean":
      return true;
    case "text":
    case "option":
      return "";
    default:
      return unreachable(kind);
  }
}

function failureOf(
  { kind }: Work,
  failure: Json | undefined,
  output: JsonObject,
): StepFailure | null {
  const code = kind === "agent" ? "agent_failed" : "command_failed";
  if (failure !== undefined && failure !== null && failure !== false)
    return {
      code: textOf(failure, "code") ?? code,
      message: textOf(failure, "message") ?? (typeof failure === "string" ? failure : "a stub"),
      hint: "",
    };
  if (kind === "approve" && output["approved"] === false) {
    const note = fieldOf(output, "note");
    const said = typeof note === "string" ? `: ${note}` : "";
    return { code: "rejected", message: `${NOBODY} rejected it${said}`, hint: "" };
  }
  const { exitCode } = output;
  return kind === "run" && exitCode !== 0
    ? { code, message: `the command ended with exit code ${JSON.stringify(exitCode)}`, hint: "" }
    : null;
}
