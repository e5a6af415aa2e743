import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileDataSchema } from "../../../src/handoff/data-schema.ts";

const folder = new URL("../../../flows/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".schema.json"))
  .map((file) => file.replace(/\.schema\.json$/, ""));

function schemaOf(name: string): { readonly $defs: { readonly evidence: object } } {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), "utf8"));
}

/** What is wrong with data of this kind, each with its place. */
function problemsOf(name: string, data: unknown): string[] {
  const compiled = compileDataSchema(schemaOf(name));
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value(data).map(({ at, message }) => `${at} ${message}`);
}

const place = { kind: "file", file: "src/a.ts", line: 3, quote: "const a = 1;" };
const printed = { kind: "command", command: "npm test", output: "12 passed" };
const unverified = { kind: "not-verified", why: "there is no shell" };

const claim = { id: "C1", claim: "It is so.", confidence: "high", evidence: [place] };
const investigation = { answer: "It is so [C1].", claims: [claim], open: [] };
const point = { point: "It greets.", isMet: true, evidence: [place] };
const critique = {
  isBlocking: true,
  place: "src/a.ts:3",
  problem: "It greets nobody.",
  remedy: "Greet somebody.",
  evidence: [place, printed, unverified],
};
const approval = {
  approved: true,
  summary: "All is there.",
  points: [point],
  critiques: [{ ...critique, isBlocking: false }],
  earlier: [],
};
const finding = {
  severity: "major",
  title: "Nobody is greeted",
  file: "src/a.ts",
  line: 3,
  problem: "greet() greets nobody.",
  consequence: "Guests leave.",
  fix: "Greet them.",
  evidence: [place],
};

const good: Readonly<Record<string, object>> = {
  investigation,
  synthesis: {
    ...investigation,
    claims: [{ ...claim, from: ["tracer"] }],
    disagreements: [{ about: "The order.", weighed: "The code says first." }],
  },
  findings: {
    findings: [finding, { ...finding, file: null, line: null }],
    looked: ["All."],
    notVerified: [],
  },
  change: {
    subject: "Greet people",
    body: "",
    checks: [printed],
    answers: [{ to: "Nobody is greeted.", isDone: true, how: "In src/a.ts." }],
  },
  verdict: approval,
};

describe("the schemas of what agents hand over in built-in flows", () => {
  it("each have an example here", () => {
    expect(Object.keys(good).toSorted()).toEqual(names.toSorted());
  });

  it.each(names)("%s takes what is right", (name) => {
    expect(problemsOf(name, good[name])).toEqual([]);
  });

  it.each(names)("%s takes nothing that lacks a field", (name) => {
    for (const key of Object.keys(good[name] ?? {})) {
      const lacking = Object.fromEntries(
        Object.entries(good[name] ?? {}).filter(([other]) => other !== key),
      );
      expect(problemsOf(name, lacking).join("\n")).toContain(key);
    }
    for (const data of [null, [], "text", 3, {}]) expect(problemsOf(name, data)).not.toEqual([]);
  });

  it("say the same about evidence", () => {
    for (const name of names) expect(schemaOf(name).$defs).toEqual(schemaOf("verdict").$defs);
  });

  it.each([
    [{ kind: "file", file: "src/a.ts", line: 3 }, "quote"],
    [{ kind: "file", file: "src/a.ts:3", line: 3, quote: "x" }, "/file"],
    [{ kind: "file", file: "src/a.ts", line: 0, quote: "x" }, "/line"],
    [{ kind: "command", command: "npm test" }, "output"],
    [{ kind: "command", command: "npm test", output: " " }, "/output"],
    [{ kind: "not-verified" }, "why"],
    [{ kind: "rumor" }, "/kind"],
    [{}, "kind"],
  ])("refuse %j as evidence and name %s", (evidence, named) => {
    const data = { ...investigation, claims: [{ ...claim, evidence: [evidence] }] };
    expect(problemsOf("investigation", data).join("\n")).toContain(named);
  });

  it("want evidence for every claim, finding and point", () => {
    expect(
      problemsOf("investigation", { ...investigation, claims: [{ ...claim, evidence: [] }] }),
    ).toHaveLength(1);
    expect(
      problemsOf("findings", {
        findings: [{ ...finding, evidence: [] }],
        looked: ["All."],
        notVerified: [],
      }),
    ).toHaveLength(1);
    expect(
      problemsOf("verdict", { ...approval, points: [{ ...point, evidence: [] }] }),
    ).toHaveLength(1);
  });
});

describe("a verdict", () => {
  it("that approves has every point met and nothing that blocks", () => {
    expect(problemsOf("verdict", { ...approval, critiques: [critique] }).join("\n")).toContain(
      "/data/critiques/0/isBlocking",
    );
    expect(
      problemsOf("verdict", { ...approval, points: [{ ...point, isMet: false }] }).join("\n"),
    ).toContain("/data/points/0/isMet");
  });

  it("that rejects says what blocks", () => {
    const rejection = { ...approval, approved: false };
    expect(problemsOf("verdict", rejection).join("\n")).toContain("/data/critiques");
    expect(problemsOf("verdict", { ...rejection, critiques: [] }).join("\n")).toContain(
      "/data/critiques",
    );
    expect(problemsOf("verdict", { ...rejection, critiques: [critique] })).toEqual([]);
  });
});

describe("the subject of a change", () => {
  it.each(["two\nlines", " begins with a blank", "", "x".repeat(73)])("is not %j", (subject) => {
    expect(problemsOf("change", { ...good["change"], subject }).join("\n")).toContain(
      "/data/subject",
    );
  });
});

describe("the schemas in the package", () => {
  it("are files of it, with flows, scripts and personas", () => {
    const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: new URL("../../../", import.meta.url),
      encoding: "utf8",
    });
    const [{ files }]: [{ files: readonly { path: string }[] }] = JSON.parse(stdout);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "flows/build.yaml",
        "flows/check-evidence.mjs",
        "flows/diff/take-diff.mjs",
        "flows/verdict.schema.json",
        "personas/tracer.md",
      ]),
    );
  });
});
