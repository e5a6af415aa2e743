import type { Proposal, Question } from "../questions/question.ts";
import type { Address } from "./address.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { Button } from "./button.ts";
import { buttonsFor } from "./button.ts";
import { escapeLine, escapeToFit } from "./html.ts";
import { areOptionsCut, optionList } from "./option-list.ts";
import { describeEnd } from "./question-end.ts";
import type { QuestionEnd } from "./question-end.ts";

/** What a message says, as Telegram's HTML, and the buttons below it, one in a row. */
export interface MessageContent {
  readonly html: string;
  readonly buttons: readonly Button[];
}

/** A question with its buttons; the key leads back to it, since a question's id can be longer than a button may keep. */
export function questionMessage(
  asked: AskedQuestion,
  address: Pick<Address, "calls" | "takesAnswers" | "isReminder">,
  note: string | null,
): MessageContent {
  const { question, proposal } = asked;
  const { options, text, id } = question;
  const needsList = options.length > 0 && (areOptionsCut(options) || !address.takesAnswers);
  const paragraphs = [
    `${headline(question, address)}\n${escapeToFit(text, 1_400)}`,
    ...(note === null ? [] : [`<i>${escapeLine(note, 300)}</i>`]),
    ...(proposal === null ? [] : [proposalText(proposal)]),
    ...(needsList ? [optionList(options)] : []),
    howTo(asked, address.takesAnswers),
    `<code>${escapeLine(id, 200)}</code>`,
  ];
  return { html: paragraphs.join("\n\n"), buttons: address.takesAnswers ? buttonsFor(asked) : [] };
}

/** The same message once the question is closed: what was answered, who did it, and no buttons. */
export function closedQuestionMessage(question: Question, end: QuestionEnd): MessageContent {
  return {
    html: [
      `☑️ ${escapeLine(question.askedBy, 100)} asked (attempt ${question.attempt}):\n${escapeToFit(question.text, 1_700)}`,
      describeEnd(end),
      `<code>${escapeLine(question.id, 200)}</code>`,
    ].join("\n\n"),
    buttons: [],
  };
}

function headline(
  { askedBy, attempt }: Question,
  { calls, isReminder }: Pick<Address, "calls" | "isReminder">,
): string {
  const agent = escapeLine(askedBy, 100);
  const name = calls === null ? "" : `${escapeLine(calls, 100)}: `;
  return isReminder
    ? `⏰ ${name}${agent} still waits for an answer (attempt ${attempt}):`
    : `❓ ${name}${agent} asks (attempt ${attempt}):`;
}

function proposalText({ by, text, reason }: Proposal): string {
  const because = reason.trim() === "" ? "" : `\n<i>${escapeLine(reason, 250)}</i>`;
  return `💡 ${escapeLine(by, 100)} would answer:\n<b>${escapeToFit(text, 450)}</b>${because}`;
}

function howTo({ question, proposal }: AskedQuestion, takesAnswers: boolean): string {
  const { options, allowsFreeText, id } = question;
  if (!takesAnswers)
    return `No answers are taken from this chat. At a terminal: <code>delegate answer ${escapeLine(id, 200)}</code>`;
  const hasButtons = options.length > 0 || proposal !== null;
  const answer = !hasButtons
    ? "Reply to this message to answer."
    : allowsFreeText
      ? "Press a button, or reply to this message."
      : "Press a button.";
  return proposal === null
    ? answer
    : `${answer} A reply with a ? at its beginning or its end goes to ${escapeLine(proposal.by, 60)}, who then proposes anew.`;
}
