import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { failureKinds } from "../../src/failure.ts";
import { stepFailureKinds } from "../../src/flows/failure.ts";

const root = new URL("../../", import.meta.url).pathname;

function read(path: string): string {
  return readFileSync(`${root}${path}`, "utf8");
}

/** The rows of all tables of a page, without the blanks that only align them. */
function rowsOf(page: string): readonly string[] {
  return read(page)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.replaceAll(/ {2,}/g, " "));
}

describe("docs/handoff.md has the exit code and the status of", () => {
  const rows = rowsOf("docs/handoff.md").filter((line) => /^\| \d/.test(line));
  test.each(Object.entries(failureKinds))("%s", (code, { exit, status }) => {
    const row = rows.find((line) => line.includes(`\`${code}\``)) ?? "";
    expect(row).toMatch(new RegExp(`^\\|[ \\d,]*\\b${exit}\\b[ \\d,]*\\|`));
    expect(row).toContain(`| ${status} |`);
  });
});

describe("docs/flows.md has the exit code of", () => {
  const rows = rowsOf("docs/flows.md");
  test.each(Object.entries(stepFailureKinds))("%s", (code, exit) => {
    expect(rows.filter((line) => line.startsWith(`| \`${code}\` | ${exit} |`))).toHaveLength(1);
  });
});

test("README has every exit code", () => {
  const exits = rowsOf("README.md").flatMap((line) => /^\| ([\d, ]+) \|/.exec(line)?.[1] ?? []);
  const shown = exits.flatMap((cell) => cell.split(", ").map(Number));
  const known = [
    ...Object.values(failureKinds).map(({ exit }) => exit),
    ...Object.values(stepFailureKinds),
  ];
  expect(new Set(shown)).toEqual(new Set([0, ...known]));
});

describe("docs/flows.md has the inputs and roles of the built-in flow", () => {
  const names = readdirSync(`${root}flows`)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.replace(".yaml", ""));
  test.each(names)("%s", (name) => {
    const row = rowsOf("docs/flows.md").find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";
    const file = read(`flows/${name}.yaml`);
    const keys = [...keysBelow(file, "  properties:", 4), ...keysBelow(file, "agents:", 2)];
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(row).toContain(`\`${key}\``);
  });
});

/** The keys that stand so deep below the first such line of a flow's file. */
function keysBelow(file: string, line: string, depth: number): readonly string[] {
  const [, rest = ""] = file.split(`\n${line}\n`);
  const [block = ""] = rest.split(new RegExp(`\n {0,${depth - 1}}\\S|\n\n`));
  return [...block.matchAll(new RegExp(`^ {${depth}}([\\w-]+):`, "gm"))].map(([, key = ""]) => key);
}

test("docs/flows.md has every persona of the package, and what it is for", () => {
  const rows = rowsOf("docs/flows.md");
  for (const file of readdirSync(`${root}personas`)) {
    const [, name, category, purpose] =
      /^name: (.+)\ncategory: (.+)\npurpose: (.+)$/m.exec(read(`personas/${file}`)) ?? [];
    expect(rows).toContain(`| \`${name}\` | ${category} | ${purpose} |`);
  }
});

test("docs/library.md has every option of the library", () => {
  const interfaces = read("src/library-options.ts").matchAll(
    /^export interface \w+Options[^\n]*\n([\s\S]*?)^\}/gm,
  );
  const options = [...interfaces].flatMap(([, body = ""]) =>
    [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = ""]) => name),
  );
  expect(options.length).toBeGreaterThan(20);
  const docs = read("docs/library.md");
  expect(
    [...new Set(options)].filter((name) => !new RegExp(`\\b${name}\\b[^|]*\``).test(docs)),
  ).toEqual([]);
});

test("every variable that delegate reads or sets for others is in the docs", () => {
  const own = ["DELEGATE_VALUE_", "DELEGATE_WATCHER", "DELEGATE_FLOW_COMMAND"];
  const gateways = ["DELEGATE_GATEWAY_PID", "DELEGATE_GATEWAY_START", "DELEGATE_GATEWAY_RUN"];
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => read(`src/${name}`).match(/\bDELEGATE_[A-Z]+(?:_[A-Z]*)*/g) ?? []);
  const docs = read("docs/config.md") + read("docs/flows.md");
  const missing = [...new Set(sources)].filter(
    (name) => ![...own, ...gateways].includes(name) && !docs.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});
