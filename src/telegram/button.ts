import type { AskedQuestion } from "./asked-question.ts";
import { plainStart } from "./html.ts";

/** A button under a message: what it says, and what comes back when it is pressed (at most 64 bytes). */
export interface Button {
  readonly text: string;
  readonly data: string;
}

/** What a pressed button stands for. */
export type PressedButton =
  | { readonly kind: "option"; readonly key: string; readonly index: number }
  | { readonly kind: "approve"; readonly key: string }
  | { readonly kind: "reject"; readonly key: string }
  | { readonly kind: "skip"; readonly key: string };

/** Telegram takes 100 buttons under a message; one is kept for a proposal, and one to skip the question. */
const MOST_OPTION_BUTTONS = 98;

/** More than this is cut off. */
export const BUTTON_CHARACTERS = 60;

/** A button for each option of a question. */
export function optionButtons(options: readonly string[], key: string): readonly Button[] {
  return options.slice(0, MOST_OPTION_BUTTONS).map((option, index) => ({
    text: plainStart(option, BUTTON_CHARACTERS) || `Option ${index + 1}`,
    data: `o:${key}:${index}`,
  }));
}

/** A button for each option, one to approve what is proposed, and one to skip the question. */
export function buttonsFor({ question, proposal, key }: AskedQuestion): readonly Button[] {
  const approve = proposal === null ? [] : [approveButton(key)];
  return [
    ...optionButtons(question.options, key),
    ...approve,
    { text: "⏭ Skip", data: `s:${key}` },
  ];
}

/** The button to approve what is shown. */
export function approveButton(key: string): Button {
  return { text: "✅ Approve", data: `a:${key}` };
}

/** The button to reject it. */
export function rejectButton(key: string): Button {
  return { text: "❌ Reject", data: `r:${key}` };
}

const kinds: Readonly<Record<string, "approve" | "reject" | "skip">> = {
  a: "approve",
  r: "reject",
  s: "skip",
};

/** What the data of a pressed button says, or null when the button is none of ours. */
export function parseButtonData(data: string): PressedButton | null {
  const [, optionKey, index] = /^o:([0-9a-f]{1,32}):(\d{1,2})$/.exec(data) ?? [];
  if (optionKey !== undefined && index !== undefined)
    return { kind: "option", key: optionKey, index: Number(index) };
  const [, letter = "", key] = /^([ars]):([0-9a-f]{1,32})$/.exec(data) ?? [];
  const kind = kinds[letter];
  return key === undefined || kind === undefined ? null : { kind, key };
}
