import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvaluator } from "../../src/flows/expression/evaluator.ts";
import { commonKeys, keysOfKind, knownKeysAt, stepKinds } from "../../src/flows/file/keys.ts";
import { loadFlow } from "../../src/flows/file/load-flow.ts";
import { outputFields } from "../../src/flows/file/output-fields.ts";
import { Folder } from "./file/folder.ts";

const docs = readFileSync(new URL("../../docs/flows.md", import.meta.url), "utf8");

/** The code of all blocks in this language. */
function blocks(language: string): readonly string[] {
  const found = docs.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...found].map(([, code = ""]) => code);
}

/** The rows of the table whose first column has this title. */
function table(title: string): readonly (readonly string[])[] {
  const [, rows = ""] =
    new RegExp(`^\\| ${title} +\\|.*\\n\\|.*\\n((?:\\|.*\\n)+)`, "m").exec(docs) ?? [];
  return rows
    .trim()
    .split("\n")
    .map((row) =>
      row.split(/(?<!\|) \| (?!\|)|^\| | \|$/).map((cell) => cell.trim().replace(/^`|`$/g, "")),
    );
}

describe("every flow in docs/flows.md can be started", () => {
  const flows = blocks("yaml").map(
    (code) => [/^name: (.+)$/m.exec(code)?.[1] ?? "", code] as const,
  );
  let folder: Folder;
  beforeAll(() => {
    folder = new Folder();
    for (const [name, code] of flows) folder.write(`${name}.yaml`, code);
    folder.write("review.schema.json", '{"type": "object"}');
    for (const code of blocks("markdown")) folder.write("personas/skeptic.md", code);
  });
  afterAll(() => folder.remove());

  test.each(flows)("%s", async (name) => {
    const loaded = await loadFlow(folder.path(`${name}.yaml`), {
      flowsDir: null,
      packageDir: folder.path("package"),
    });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  });
});

describe("every expression in docs/flows.md has the value that it says", () => {
  const evaluator = createEvaluator();
  const scope = {
    inputs: { n: 2, price: 1.5, task: "paint", files: ["a.ts", "b.md"] },
    steps: { code: { data: { ok: true } } },
  };

  test.each(table("expression").map(([, expression = "", value = ""]) => [expression, value]))(
    "%s",
    (expression = "", value = "") => {
      expect(evaluator.evaluate(expression, scope)).toEqual({ ok: true, value: JSON.parse(value) });
    },
  );
});

function isNamed(key: string): boolean {
  return new RegExp(`\`[^\`]*${key.replace("$", "\\$")}\\b[^\`]*\`|^ +${key}:`, "m").test(docs);
}

test("docs/flows.md names every key", () => {
  const keys = [
    ...knownKeysAt(""),
    ...knownKeysAt("/budget"),
    ...commonKeys,
    ...Object.values(keysOfKind).flat(),
    ...["approve", "ask", "loop", "for-each", "retry"].flatMap((key) =>
      knownKeysAt(`/steps/a/${key}`),
    ),
  ];
  expect([...new Set(keys)].filter((key) => !isNamed(key))).toEqual([]);
});

test("docs/flows.md names every field of what a step gives", () => {
  const rows = new Map(table("step").map(([, name = "", fields = ""]) => [name, fields]));
  const ofAll = rows.get("any") ?? "";
  for (const kind of stepKinds) {
    const fields = `${ofAll} ${rows.get(kind) ?? ""}`;
    expect(
      outputFields(kind).filter((field) => !new RegExp(`\\b${field}\\b`).test(fields)),
    ).toEqual([]);
  }
});
