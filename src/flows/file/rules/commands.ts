import { parseTemplate } from "../../expression/template.ts";
import { complain, complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { entriesOf } from "../../../json/json-fields.ts";
import type { OutlineStep } from "../outline.ts";

/** Commands through which a value would become a part of a program, and variables that are ours. */
export function checkCommand({ json, at }: OutlineStep): readonly Complaint[] {
  return [
    ...checkWords(json["run"], `${at}/run`),
    ...entriesOf(json, "env").flatMap(([name]) =>
      name.startsWith("DELEGATE_")
        ? [complainOfKey(`${at}/env/${name}`, "names that begin with DELEGATE_ are taken")]
        : [],
    ),
  ];
}

/** A list of words is run without a shell, unless its first words are one. */
function checkWords(run: unknown, at: string): readonly Complaint[] {
  if (!Array.isArray(run)) return [];
  const words: readonly unknown[] = run;
  const shell = words.findIndex((word) => typeof word === "string" && SHELL.test(word));
  const flag = words.findIndex((word, index) => index > shell && isCommandFlag(word));
  if (shell === -1 || flag === -1) return [];
  const program = words[flag + 1];
  if (typeof program !== "string" || !hasExpression(program)) return [];
  const message =
    'the shell would read the value as a part of its program; write run as one line, or pass the value behind it and use "$1"';
  return [complain(`${at}/${flag + 1}`, message)];
}

const SHELL = /(?:^|\/)(?:ba|da|z|k|a)?sh$/;

function isCommandFlag(word: unknown): boolean {
  return typeof word === "string" && /^-[a-z]*c[a-z]*$/.test(word);
}

function hasExpression(text: string): boolean {
  const parsed = parseTemplate(text);
  return parsed.ok && parsed.parts.some(({ kind }) => kind === "expression");
}
