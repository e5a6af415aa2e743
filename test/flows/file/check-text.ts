import { createCompiler } from "../../../src/flows/expression/compile.ts";
import type { Flow } from "../../../src/flows/flow.ts";
import { checkFile } from "../../../src/flows/file/check-file.ts";
import type { Links } from "../../../src/flows/file/links.ts";
import { outline } from "../../../src/flows/file/outline.ts";
import { readFlow } from "../../../src/flows/file/read-flow.ts";
import { readYaml } from "../../../src/flows/file/read-yaml.ts";

const compiler = createCompiler();

export const noLinks: Links = { schemas: new Map(), flows: new Map(), personas: new Map() };

/** What is wrong with a flow that is written so: `line:column message`, in the order of the text. */
export function problemsOf(text: string, links: Links = noLinks): readonly string[] {
  const { problems, value, placeOf } = readYaml(text);
  const root = outline(value);
  const flow = readFlow(value, root, links);
  const complaints =
    value === null ? [] : checkFile({ document: value, root, links, flow, compiler });
  return [
    ...problems,
    ...complaints.map((complaint) => ({ ...placeOf(complaint), message: complaint.message })),
  ]
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** The flow that is written so; it must have no problem. */
export function flowOf(text: string, links: Links = noLinks): Flow {
  const problems = problemsOf(text, links);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { value } = readYaml(text);
  return readFlow(value, outline(value), links);
}
