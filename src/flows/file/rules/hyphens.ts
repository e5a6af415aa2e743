import { entriesOf } from "../../../json/json-fields.ts";
import { stepsInReach } from "./references.ts";
import type { Look } from "./references.ts";

/** A name with a hyphen that is taken of something with a dot: `steps.code-x` is a subtraction. */
export function findHyphen(
  source: string,
  look: Look,
): { readonly message: string; readonly offset: number } | null {
  for (const match of source.matchAll(/\b(steps|previous|inputs)\.\??([A-Za-z][\w-]*-[\w-]*)/g)) {
    const [, root = "", written = ""] = match;
    const name = meantBy(written, root === "inputs" ? inputNames(look) : stepIds(look));
    if (name === null) continue;
    const message = `write ${root}["${name}"]: "-" means minus in an expression`;
    return { message, offset: match.index };
  }
  return null;
}

/** The longest beginning that is a name with a hyphen: of `a-b-inputs` the `a-b`, if there is one. */
function meantBy(written: string, names: ReadonlySet<string>): string | null {
  let name = written;
  while (name.includes("-")) {
    if (names.has(name)) return name;
    name = name.slice(0, name.lastIndexOf("-"));
  }
  return null;
}

function stepIds({ sight }: Look): ReadonlySet<string> {
  return new Set(stepsInReach(sight).map(({ id }) => id));
}

function inputNames({ inputs }: Look): ReadonlySet<string> {
  return new Set(entriesOf(inputs, "properties").map(([name]) => name));
}
