import { entriesOf } from "../../json-fields.ts";
import { stepsInReach } from "./references.ts";
import type { Look } from "./references.ts";

/** A name with a hyphen that is taken of something with a dot: `steps.code-x` is a subtraction. */
export function findHyphen(
  source: string,
  { sight, inputs }: Look,
): { readonly message: string; readonly offset: number } | null {
  const ids = stepsInReach(sight).map(({ id }) => id);
  const names = entriesOf(inputs, "properties").map(([name]) => name);
  const candidates = [
    ...ids.map((id) => ["steps", id] as const),
    ...ids.map((id) => ["previous", id] as const),
    ...names.map((name) => ["inputs", name] as const),
  ];
  for (const [root, name] of candidates) {
    const offset = name.includes("-") ? source.search(writtenWithDot(root, name)) : -1;
    if (offset === -1) continue;
    return { message: `write ${root}["${name}"]: "-" means minus in an expression`, offset };
  }
  return null;
}

function writtenWithDot(root: string, name: string): RegExp {
  return new RegExp(`\\b${root}\\.\\??${escape(name)}(?![\\w-])`);
}

function escape(name: string): string {
  return name.replaceAll(/[^\w-]/g, String.raw`\$&`);
}
