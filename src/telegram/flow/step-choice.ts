import { failure, success } from "../../failure.ts";
import type { Result } from "../../failure.ts";
import { readTypedAnswer } from "../../flows/typed-answer.ts";
import { unreachable } from "../../unreachable.ts";
import type { PressedButton } from "../button.ts";
import type { AskedStep, StepWish } from "./asked-step.ts";

/** What somebody decides about a step of a flow run. */
export type StepChoice =
  | { readonly kind: "approve" | "reject"; readonly note: string | null }
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "recover"; readonly choice: "rerun" | "skip" };

/** What there are buttons for, in their order, besides to approve and to reject. */
export function choicesOf(wish: StepWish): readonly string[] {
  switch (wish.kind) {
    case "approval":
      return [];
    case "question":
      return wish.answer === "boolean" && wish.options.length === 0 ? ["yes", "no"] : wish.options;
    case "recovery":
      return ["Begin it again", "Go on without it"];
    default:
      return unreachable(wish);
  }
}

/** What a pressed button decides, or null when its message has no such button. */
export function stepChoiceOfPress({ wish }: AskedStep, button: PressedButton): StepChoice | null {
  switch (button.kind) {
    case "approve":
      if (wish.kind === "question" && wish.proposal !== null)
        return { kind: "answer", text: wish.proposal };
      return wish.kind === "approval" ? { kind: "approve", note: null } : null;
    case "reject":
      return wish.kind === "approval" ? { kind: "reject", note: null } : null;
    case "option": {
      const text = choicesOf(wish)[button.index];
      if (text === undefined) return null;
      if (wish.kind === "question") return { kind: "answer", text };
      return { kind: "recover", choice: button.index === 0 ? "rerun" : "skip" };
    }
    case "skip":
      return null;
    default:
      return unreachable(button);
  }
}

/** What a reply decides, or why it can't be taken; null stands for a reply without text. */
export function stepChoiceOfReply(
  { wish }: AskedStep,
  reply: string | null,
): Result<StepChoice, string> {
  if (reply === null) return failure("only text can be an answer");
  switch (wish.kind) {
    case "approval":
      return approvalIn(reply);
    case "question": {
      const answer = readTypedAnswer(wish, reply);
      return answer.ok ? success({ kind: "answer", text: reply.trim() }) : failure(answer.problem);
    }
    case "recovery":
      return failure("press one of the buttons");
    default:
      return unreachable(wish);
  }
}

/** Nothing is guessed: whoever only comments has not decided. */
function approvalIn(reply: string): Result<StepChoice, string> {
  const [, word, note = ""] =
    /^\s*(approve|reject)(?:e?d)?(?![\w-])[\s:,.;!-]*(.*)$/isu.exec(reply) ?? [];
  if (word === undefined) return failure("begin with approve or reject, or press a button");
  const kind = word.toLowerCase() === "approve" ? "approve" : "reject";
  return success({ kind, note: note.trim() === "" ? null : note.trim() });
}
