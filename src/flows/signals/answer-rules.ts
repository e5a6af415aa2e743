import { unreachable } from "../../unreachable.ts";
import { refused } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import type { TaskKey } from "../task.ts";
import type { Waiting } from "../work.ts";

/** Why a text is no answer to a question; null when it is one. */
export function whyNotAnswer(
  key: TaskKey,
  question: Extract<Waiting, { kind: "question" }>,
  answer: string,
): SignalDecision | null {
  const wanted = whatIsWanted(question, answer);
  return wanted === null
    ? null
    : refused(`"${answer}" does not answer "${key}"`, `it wants ${wanted}`);
}

function whatIsWanted(
  { answer: kind, options }: Extract<Waiting, { kind: "question" }>,
  answer: string,
): string | null {
  switch (kind) {
    case "text":
      return answer.trim() === "" ? "a text" : null;
    case "number":
      return answer.trim() === "" || !Number.isFinite(Number(answer)) ? "a number" : null;
    case "boolean":
      return answer === "true" || answer === "false" ? null : "true or false";
    case "option":
      return options.includes(answer) ? null : `one of: ${options.join(", ")}`;
    default:
      return unreachable(kind);
  }
}
