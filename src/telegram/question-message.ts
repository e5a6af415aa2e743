import type { Proposal, Question } from "../questions/question.ts";
import { escapeLine, escapeToFit, plainStart } from "./html.ts";

/** A button under a message: what it says, and what comes back when it is pressed (at most 64 bytes). */
export interface Button {
  readonly text: string;
  readonly data: string;
}

/** What a message says, as Telegram's HTML, and the buttons below it, one in a row. */
export interface MessageContent {
  readonly html: string;
  readonly buttons: readonly Button[];
}

/** What a pressed button stands for. */
export type PressedButton =
  | { readonly kind: "option"; readonly key: string; readonly index: number }
  | { readonly kind: "approve"; readonly key: string };

/** How a question was closed, for the message that asked it. */
export interface QuestionEnd {
  /** Null when it was skipped. */
  readonly answer: string | null;
  readonly by: string;
}

/** Telegram takes 100 buttons under a message; one is kept for a proposal. */
const MOST_OPTION_BUTTONS = 99;

const BUTTON_CHARACTERS = 60;

/** A question with a button for each option; the key leads back to it, since a question's id can be longer than a button may keep. */
export function questionMessage(
  question: Question,
  proposal: Proposal | null,
  key: string,
): MessageContent {
  const { options, askedBy, attempt, text, id } = question;
  const paragraphs = [
    `❓ ${escapeLine(askedBy, 100)} asks (attempt ${attempt}):\n${escapeToFit(text, 1_700)}`,
    ...(proposal === null ? [] : [proposalText(proposal)]),
    ...(options.some(isTooLong) ? [optionList(options)] : []),
    howTo(question, proposal !== null),
    `<code>${escapeLine(id, 200)}</code>`,
  ];
  const buttons = options.slice(0, MOST_OPTION_BUTTONS).map((option, index) => ({
    text: plainStart(option, BUTTON_CHARACTERS) || `Option ${index + 1}`,
    data: `o:${key}:${index}`,
  }));
  return {
    html: paragraphs.join("\n\n"),
    buttons: proposal === null ? buttons : [...buttons, { text: "✅ Approve", data: `a:${key}` }],
  };
}

/** The same message once the question is closed: what was answered, who did it, and no buttons. */
export function closedQuestionMessage(question: Question, end: QuestionEnd): MessageContent {
  const by = escapeLine(end.by, 100);
  return {
    html: [
      `☑️ ${escapeLine(question.askedBy, 100)} asked (attempt ${question.attempt}):\n${escapeToFit(question.text, 1_700)}`,
      end.answer === null
        ? `Skipped by ${by}`
        : `Answered by ${by}:\n<b>${escapeToFit(end.answer, 1_700)}</b>`,
      `<code>${escapeLine(question.id, 200)}</code>`,
    ].join("\n\n"),
    buttons: [],
  };
}

/** What the data of a pressed button says, or null when the button is none of ours. */
export function parseButtonData(data: string): PressedButton | null {
  const [, key, index] = /^o:([0-9a-f]{1,32}):(\d{1,2})$/.exec(data) ?? [];
  if (key !== undefined && index !== undefined)
    return { kind: "option", key, index: Number(index) };
  const [, approvedKey] = /^a:([0-9a-f]{1,32})$/.exec(data) ?? [];
  return approvedKey === undefined ? null : { kind: "approve", key: approvedKey };
}

/** The answer that a reply gives: an option is meant also in other letter case, or by its number where nothing else is allowed. */
export function answerOfReply(question: Question, reply: string): string {
  const text = reply.trim();
  const option = question.options.find((one) => one.toLowerCase() === text.toLowerCase());
  if (option !== undefined) return option;
  const byNumber = /^\d{1,4}$/.test(text) ? question.options[Number(text) - 1] : undefined;
  return question.allowsFreeText || byNumber === undefined ? text : byNumber;
}

function proposalText({ by, text, reason }: Proposal): string {
  const because = reason.trim() === "" ? "" : `\n<i>${escapeLine(reason, 300)}</i>`;
  return `💡 ${escapeLine(by, 100)} would answer:\n<b>${escapeToFit(text, 500)}</b>${because}`;
}

function isTooLong(option: string): boolean {
  return option.length > BUTTON_CHARACTERS;
}

/** Buttons cut long options off; the list shows more of them. */
function optionList(options: readonly string[]): string {
  const lines = options.map((option, index) => `${index + 1}. ${option.replaceAll(/\s+/g, " ")}`);
  return escapeToFit(lines.join("\n"), 900);
}

function howTo({ options, allowsFreeText }: Question, hasProposal: boolean): string {
  if (options.length > 0 || hasProposal)
    return allowsFreeText ? "Press a button, or reply to this message." : "Press a button.";
  return "Reply to this message to answer.";
}
