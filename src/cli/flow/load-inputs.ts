import { resolve } from "node:path";
import { readOwnFile } from "../../config/own-file.ts";
import { checkInputs, hasSchema } from "../../flows/inputs/check-inputs.ts";
import type { CheckData, CheckedInputs, GivenInput } from "../../flows/inputs/check-inputs.ts";
import type { Json } from "../../json/json.ts";

/** The inputs of a flow from words such as `task=…` and `plan=@plan.md`; paths start at `cwd`. */
export async function loadInputs(
  schema: Json,
  words: readonly string[],
  cwd: string,
): Promise<CheckedInputs> {
  const given: GivenInput[] = [];
  const troubles: string[] = [];
  for (const word of words) {
    const input = readWord(word, cwd);
    if (typeof input === "string") troubles.push(input);
    else given.push(input);
  }
  const checked = checkInputs(schema, given, await checkerOf(schema));
  if (troubles.length === 0) return checked;
  return { ok: false, problems: [...troubles, ...(checked.ok ? [] : checked.problems)] };
}

/** The input, or in a sentence why it is none. */
function readWord(word: string, cwd: string): GivenInput | string {
  const [, name, text] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
  if (name === undefined || text === undefined) {
    return `${JSON.stringify(word)} is no input; write name=value, or name=@file`;
  }
  if (text.startsWith("@@")) return { name, text: text.slice(1) };
  if (!text.startsWith("@")) return { name, text };
  const file = readOwnFile(resolve(cwd, text.slice(1)), "none");
  return file.ok ? { name, text: file.value } : `the input "${name}": ${file.failure.message}`;
}

async function checkerOf(schema: Json): Promise<CheckData> {
  if (!hasSchema(schema)) return () => [];
  const { compileDataSchema } = await import("../../handoff/data-schema.ts");
  const compiled = compileDataSchema(schema);
  if (compiled.ok) return compiled.value;
  const { message } = compiled.failure;
  return () => [{ at: "", message }];
}
