import { isFields, textIn } from "../json/fields.ts";
import type { Confidence } from "../handoff/document.ts";
import type { Question } from "./question.ts";
import { findAnswerProblem } from "./question.ts";
import { isSureEnough } from "./routing.ts";

/** What a foreman is told besides the question. */
export interface ForemanBrief {
  readonly question: Pick<Question, "askedBy" | "text" | "options" | "allowsFreeText">;
  /** The task of the agent that asks; null when it is no agent. */
  readonly task: string | null;
  /** What the foreman proposed before, and what a person said about it. */
  readonly discussion: { readonly proposal: string; readonly remark: string } | null;
}

/** The task with which the foreman is asked. */
export function foremanTask({ question, task, discussion }: ForemanBrief): string {
  const { askedBy, text, options, allowsFreeText } = question;
  return [
    `${askedBy} works on a task and can't go on without an answer. Answer in place of a person, if you can.`,
    `## The question\n\n${text}`,
    ...(options.length === 0 ? [] : [optionSection(options, allowsFreeText)]),
    ...(task === null ? [] : [`## The task of ${askedBy}\n\n${task.trim()}`]),
    ...(discussion === null
      ? []
      : [
          `## Your proposal so far\n\n${discussion.proposal}`,
          `## What a person says about it\n\n${discussion.remark}`,
          "Propose anew, with this in mind. A person approves it, or not.",
        ]),
    decisionRules,
  ].join("\n\n");
}

const decisionRules = `## What you may decide

Decide what follows from the task, from what you know of the project, and what can be undone. What costs money, can't be undone, touches security or other people, or is a matter of taste, is for a person.
Say in data: "answer", the answer itself as the agent is to read it; "isSure", whether it may be taken without a person; "reason", why, in one sentence.
If you don't know, say isSure: false with the best answer you have; a person decides. Never hand over as blocked.`;

/** The JSON Schema for the foreman's data. */
export function foremanSchema({
  options,
  allowsFreeText,
}: Pick<Question, "options" | "allowsFreeText">): object {
  const answer = { type: "string", pattern: "\\S" };
  return {
    type: "object",
    required: ["answer", "isSure", "reason"],
    properties: {
      answer: allowsFreeText || options.length === 0 ? answer : { enum: options },
      isSure: { type: "boolean" },
      reason: { type: "string" },
    },
  };
}

/** What the foreman says to a question. */
export interface Verdict {
  readonly answer: string;
  readonly reason: string;
  /** Whether its answer is taken without a person. */
  readonly isSure: boolean;
}

/** Reads what a foreman handed over; null when that is no answer. */
export function readVerdict(
  question: Pick<Question, "options" | "allowsFreeText">,
  { data, confidence }: { readonly data?: unknown; readonly confidence?: Confidence },
  needed: Confidence,
): Verdict | null {
  if (!isFields(data) || typeof data["answer"] !== "string") return null;
  const answer = data["answer"].trim();
  if (findAnswerProblem(question, answer) !== null) return null;
  return {
    answer,
    reason: textIn(data, "reason"),
    isSure: data["isSure"] === true && confidence !== undefined && isSureEnough(confidence, needed),
  };
}

function optionSection(options: readonly string[], allowsFreeText: boolean): string {
  const list = options.map((option) => `- ${option}`).join("\n");
  const rule = allowsFreeText ? "Another answer is allowed." : "The answer must be one of them.";
  return `## The options\n\n${list}\n\n${rule}`;
}
