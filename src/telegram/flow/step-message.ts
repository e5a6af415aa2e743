import { describeAnswer } from "../../flows/typed-answer.ts";
import { shortDigest } from "../../flows/view/asking.ts";
import { unreachable } from "../../unreachable.ts";
import type { Address } from "../address.ts";
import type { Button } from "../button.ts";
import { approveButton, optionButtons, rejectButton } from "../button.ts";
import { escapeLine, escapeToFit } from "../html.ts";
import { areOptionsCut, optionList } from "../option-list.ts";
import type { QuestionEnd } from "../question-end.ts";
import { describeEnd } from "../question-end.ts";
import type { MessageContent } from "../question-message.ts";
import type { AskedStep, StepWish } from "./asked-step.ts";
import { choicesOf } from "./step-choice.ts";

/** So much of what there is to look at fits into a message besides the rest. */
const SHOWN_CHARACTERS = 1_500;

/** What a step wants of people, with its buttons. */
export function stepMessage(
  asked: AskedStep,
  { takesAnswers, calls, isReminder }: Pick<Address, "takesAnswers" | "calls" | "isReminder">,
): MessageContent {
  const { wish, flowRunId, taskKey, flow } = asked;
  const name = calls === null ? "" : `${escapeLine(calls, 100)}: `;
  const opening = isReminder
    ? `⏰ ${name}${headline(asked, "still waits", "has")}`
    : `❓ ${name}${headline(asked, "waits", "has")}`;
  const paragraphs = [
    `${opening}\n<i>${escapeLine(flow, 100)}</i>`,
    ...bodyOf(asked),
    takesAnswers ? howTo(wish) : atTerminal(asked),
    `<code>${escapeLine(flowRunId, 200)} ${escapeLine(taskKey, 200)}</code>${digestOf(wish)}`,
  ];
  return { html: paragraphs.join("\n\n"), buttons: takesAnswers ? buttonsFor(asked) : [] };
}

/** The same message once nobody is wanted any more: what was decided, who did it, and no buttons. */
export function closedStepMessage(asked: AskedStep, end: QuestionEnd): MessageContent {
  const { flowRunId, taskKey } = asked;
  const html = [
    `☑️ ${headline(asked, "waited", "had")}`,
    ...bodyOf(asked),
    describeEnd(end),
    `<code>${escapeLine(flowRunId, 200)} ${escapeLine(taskKey, 200)}</code>${digestOf(asked.wish)}`,
  ].join("\n\n");
  return { html, buttons: [] };
}

function headline({ wish, flowRunId, taskKey }: AskedStep, waits: string, has: string): string {
  const step = `${escapeLine(flowRunId, 130)}: ${escapeLine(taskKey, 150)}`;
  switch (wish.kind) {
    case "approval": {
      const by = wish.requiredApprovers.join(" or ");
      return `${step} ${waits} for an approval${by === "" ? "" : ` by ${escapeLine(by, 200)}`}`;
    }
    case "question":
      return `${step} ${waits} for an answer`;
    case "recovery":
      return `${step} ${has} lost its worker, and whether it had ended is unknown`;
    default:
      return unreachable(wish);
  }
}

function bodyOf({ wish, flowRunId }: AskedStep): readonly string[] {
  switch (wish.kind) {
    case "approval":
      return approvalBody(wish.message, wish.shown ?? "", flowRunId);
    case "question":
      return [
        escapeToFit(wish.question, 1_200),
        ...(areOptionsCut(wish.options) ? [optionList(wish.options)] : []),
        ...(wish.proposal === null
          ? []
          : [`💡 Proposed:\n<b>${escapeToFit(wish.proposal, 450)}</b>`]),
      ];
    case "recovery":
      return [];
    default:
      return unreachable(wish);
  }
}

/** Who approves must know when there is more than they see. */
function approvalBody(message: string, shown: string, flowRunId: string): readonly string[] {
  const said = escapeToFit(message, 900);
  const looked = escapeToFit(shown, SHOWN_CHARACTERS);
  const isCut = said.endsWith("…") || looked.endsWith("…");
  const more = `That is only the beginning. All of it: <code>delegate flow show ${escapeLine(flowRunId, 130)}</code>`;
  return [
    ...(said === "" ? [] : [said]),
    ...(looked === "" ? [] : [`<blockquote expandable>${looked}</blockquote>`]),
    ...(isCut ? [more] : []),
  ];
}

function howTo(wish: StepWish): string {
  switch (wish.kind) {
    case "approval":
      return "Press a button, or reply to this message with <b>approve</b> or <b>reject</b> and what you have to say about it.";
    case "question": {
      const answer = wish.answer === "option" ? "one of them" : describeAnswer(wish);
      const wanted = `reply to this message with ${answer}`;
      const hasButtons = choicesOf(wish).length > 0 || wish.proposal !== null;
      return hasButtons ? `Press a button, or ${wanted}.` : `To answer, ${wanted}.`;
    }
    case "recovery":
      return "Look what became of it, then press a button.";
    default:
      return unreachable(wish);
  }
}

function atTerminal({ flowRunId }: AskedStep): string {
  return `Nothing is taken from this chat. <code>delegate flow show ${escapeLine(flowRunId, 130)}</code> says what to do at a terminal.`;
}

function buttonsFor({ wish, key }: AskedStep): readonly Button[] {
  switch (wish.kind) {
    case "approval":
      return [approveButton(key), rejectButton(key)];
    case "question":
      return [
        ...optionButtons(choicesOf(wish), key),
        ...(wish.proposal === null ? [] : [approveButton(key)]),
      ];
    case "recovery":
      return optionButtons(choicesOf(wish), key);
    default:
      return unreachable(wish);
  }
}

function digestOf(wish: StepWish): string {
  return wish.kind === "approval" ? `, digest <code>${shortDigest(wish.digest)}</code>` : "";
}
