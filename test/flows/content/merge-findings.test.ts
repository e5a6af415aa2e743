import * as fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readReviews, severities } from "../../../flows/findings/finding.mjs";
import { judgeFinding } from "../../../flows/findings/judge-finding.mjs";
import type { JudgedFinding } from "../../../flows/findings/judge-finding.mjs";
import { mergeFindings } from "../../../flows/findings/merge.mjs";
import { GitFolder } from "./git-folder.ts";
import { runScript } from "./run-script.ts";
import type { ScriptEnd } from "./run-script.ts";

let project: GitFolder;
beforeEach(() => {
  project = new GitFolder({
    "src/open.ts":
      "export function open(path) {\n  if (path === null) return null;\n  return read(path);\n}\n",
    "src/close.ts": "export function close(file) {\n  file.end();\n}\n",
  });
  project.write({
    "src/open.ts": "export function open(path) {\n  return read(path);\n}\n",
  });
});
afterEach(() => project.dispose());

interface Written {
  readonly severity?: string;
  readonly title: string;
  readonly file?: string | null;
  readonly line?: number | null;
  readonly problem?: string;
  readonly evidence?: readonly object[];
}

function review(persona: string, ...findings: readonly Written[]): object {
  const data = { findings, looked: [`${persona} looked`], notVerified: [] };
  return { persona, data };
}

const inTree = { kind: "file", file: "src/open.ts", line: 2, quote: "return read(path);" };
const removed = {
  kind: "file",
  file: "src/open.ts",
  line: 2,
  quote: "if (path === null) return null;",
};

const nullPath: Written = {
  severity: "major",
  title: "The check for a null path is gone",
  file: "src/open.ts",
  line: 2,
  problem: "open(null) now reads a null path and throws",
  evidence: [removed],
};

function merge(reviews: unknown, env: Readonly<Record<string, string>> = {}): Promise<ScriptEnd> {
  const diff = join(project.folder, ".git", "change.diff");
  writeFileSync(diff, project.diff());
  return runScript("merge-findings.mjs", project.folder, {
    REVIEWS: JSON.stringify(reviews),
    DIFF_FILE: diff,
    SUBJECT: "the open change",
    ...env,
  });
}

function headingsIn(markdown: string): string[] {
  return markdown.split("\n").filter((line) => line.startsWith("#"));
}

describe("findings of several reviewers", () => {
  it("are one when they say the same about the same place; nothing is lost", async () => {
    const { exitCode, stdout, stderr } = await merge(
      [
        review("correctness-reviewer", {
          severity: "critical",
          title: "Null path crashes open",
          file: "./src/open.ts",
          line: 1,
          problem: "A null path is no longer checked; open(null) throws in read.",
          evidence: [inTree],
        }),
        review("edge-walker", nullPath),
      ],
      { ASKED: JSON.stringify([{ persona: "operator", status: "failed" }]) },
    );
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`# Review of the open change

**1 critical.** 2 findings were put together to 1. 2 reviewers: correctness-reviewer, edge-walker.

## Critical

### 1. Null path crashes open

\`src/open.ts:1\` · evidence found · seen by correctness-reviewer, edge-walker (2 of 2)

A null path is no longer checked; open(null) throws in read.

- \`src/open.ts:2\`

  \`\`\`
  return read(path);
  \`\`\`

- edge-walker (major, \`src/open.ts:2\`): The check for a null path is gone — open(null) now reads a null path and throws

## Looked at and found right

- correctness-reviewer: correctness-reviewer looked
- edge-walker: edge-walker looked

## Without an answer

- operator (failed)
`);
  });

  it("are ranked by severity, then by proof, then by how many saw them", async () => {
    const unproved = { evidence: [{ kind: "not-verified", why: "not run" }] };
    const { stdout } = await merge([
      review(
        "maintainer",
        {
          severity: "nit",
          title: "A name says little",
          file: "src/close.ts",
          line: 1,
          ...unproved,
        },
        {
          severity: "major",
          title: "Unproved major thing",
          file: "src/close.ts",
          line: 2,
          ...unproved,
        },
        {
          severity: "critical",
          title: "Unproved critical thing",
          file: "src/a.ts",
          line: 2,
          ...unproved,
        },
      ),
      review("edge-walker", nullPath),
      review(
        "operator",
        { severity: "minor", title: "Alone with this", file: "src/a.ts", line: 1, ...unproved },
        {
          severity: "minor",
          title: "Shared by two people",
          file: "src/z.ts",
          line: 1,
          ...unproved,
        },
      ),
      review("tracer", {
        severity: "nit",
        title: "Shared by two people",
        file: "src/z.ts",
        line: 1,
        ...unproved,
      }),
    ]);
    expect(headingsIn(stdout)).toEqual([
      "# Review of the open change",
      "## Critical",
      "### 1. Unproved critical thing",
      "## Major",
      "### 2. The check for a null path is gone",
      "### 3. Unproved major thing",
      "## Minor",
      "### 4. Shared by two people",
      "### 5. Alone with this",
      "## Nit",
      "### 6. A name says little",
      "## Looked at and found right",
    ]);
  });

  it("stay apart when they are about different things, places or files", async () => {
    const { stdout } = await merge([
      review("a", nullPath),
      review(
        "b",
        { ...nullPath, title: "Export order changed", problem: "Imports elsewhere rely on it" },
        { ...nullPath, file: "src/close.ts" },
        { ...nullPath, line: 200, problem: "The second opening is unguarded against empty names" },
      ),
    ]);
    expect(headingsIn(stdout).filter((line) => line.startsWith("###"))).toHaveLength(4);
  });

  it("of one reviewer stay apart unless they are the same words", async () => {
    const again = { ...nullPath, title: "The check for a null path is gone in open too", line: 3 };
    const twice = await merge([review("a", nullPath, again)]);
    expect(headingsIn(twice.stdout).filter((line) => line.startsWith("###"))).toHaveLength(2);
    const copied = await merge([review("a", nullPath, nullPath)]);
    expect(headingsIn(copied.stdout).filter((line) => line.startsWith("###"))).toHaveLength(1);
  });
});

async function standingWith(...evidence: readonly object[]): Promise<string> {
  const { stdout } = await merge([review("a", { ...nullPath, evidence })]);
  return /`src\/open\.ts:2` · (.*) · seen by/.exec(stdout)?.[1] ?? stdout;
}

describe("the evidence of findings", () => {
  it("is looked for in the files, and in the diff before and after the change", async () => {
    expect(await standingWith(inTree)).toBe("evidence found");
    expect(await standingWith(removed)).toBe("evidence found");
    project.write({ "src/open.ts": "something else by now\n" });
    project.commit();
    const without = await merge([review("a", nullPath)], { DIFF_FILE: "" });
    expect(without.stdout).toContain("**not verified**");
    expect(without.stdout).toContain("does not hold, the file has 1 lines");
  });

  it("that does not hold leaves a finding not verified, and says why", async () => {
    expect(await standingWith({ ...inTree, quote: "return write(path);" })).toBe(
      "**not verified**",
    );
    expect(await standingWith({ ...inTree, line: 90 })).toBe("**not verified**");
    expect(await standingWith()).toBe("**not verified**");
    expect(await standingWith({ kind: "command", command: "node x", output: "TypeError" })).toBe(
      "a command's output, as stated",
    );
  });

  it("may name files by their whole path", async () => {
    const file = join(project.folder, "src/open.ts");
    expect(await standingWith({ ...inTree, file })).toBe("evidence found");
  });

  it("is relative to the repository, wherever the script runs in it", async () => {
    const end = await runScript("merge-findings.mjs", join(project.folder, "src"), {
      REVIEWS: JSON.stringify([review("a", { ...nullPath, evidence: [inTree] })]),
    });
    expect(end.stdout).toContain("evidence found");
  });
});

describe("odd input", () => {
  it("is no findings when nobody found any", async () => {
    const { exitCode, stdout } = await merge([review("a"), review("b")]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("No findings. 2 reviewers: a, b.");
    expect((await merge([])).stdout).toContain("No findings. 0 reviewers");
  });

  it("survives reviews of any shape", async () => {
    const { exitCode, stdout } = await merge([
      null,
      7,
      { persona: 3, data: [] },
      { persona: "a", data: { findings: [null, "x", { severity: "doom", line: -1, file: 4 }] } },
      { persona: "b\n# B", data: { findings: {}, looked: "x", notVerified: [null, "y\n# Z"] } },
    ]);
    expect(exitCode).toBe(0);
    expect(headingsIn(stdout).filter((line) => line.startsWith("# "))).toHaveLength(1);
    expect(stdout).toContain("A finding without a title");
    expect(stdout).toContain("- b # B: y # Z");
  });

  it.each(["", "{", "{}", "null"])("%j ends with exit code 2", async (REVIEWS) => {
    const end = await runScript("merge-findings.mjs", project.folder, { REVIEWS });
    expect(end).toMatchObject({ exitCode: 2, stdout: "" });
    expect(end.stderr).toContain("The reviews can't be read: ");
  });

  it("says when the diff can't be read", async () => {
    const end = await merge([], { DIFF_FILE: "missing.diff" });
    expect(end).toMatchObject({ exitCode: 2, stdout: "" });
    expect(end.stderr).toContain("The diff can't be read: ");
  });
});

function judged(written: unknown): readonly JudgedFinding[] {
  const read = readReviews(written, "/nowhere");
  if ("problem" in read) throw new Error(read.problem);
  return read.reviews.flatMap((one) => one.findings).map((one) => judgeFinding(one, new Map(), []));
}

describe("merging", () => {
  const finding = fc.record({
    severity: fc.constantFrom(...severities),
    title: fc.constantFrom("Null path crashes", "Null path is not checked", "Name says little", ""),
    file: fc.constantFrom("a.ts", "b.ts", null),
    line: fc.constantFrom(1, 2, 9, 50, null),
    problem: fc.constantFrom("open throws", "reads a null path", "nobody knows"),
  });
  const reviews = fc.array(
    fc.record({
      persona: fc.constantFrom("a", "b", "c"),
      data: fc.record({ findings: fc.array(finding, { maxLength: 5 }) }),
    }),
    { maxLength: 4 },
  );

  it("loses nothing, invents nothing, ranks by severity", () => {
    fc.assert(
      fc.property(reviews, (written) => {
        const all = judged(written);
        const merged = mergeFindings(all);
        expect(new Set(merged.flat())).toEqual(new Set(all));
        expect(merged.flat()).toHaveLength(all.length);
        const ranks = merged.map(([first]) => severities.indexOf(first.finding.severity));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const [first, ...others] of merged) {
          for (const { finding: other } of others) {
            expect(severities.indexOf(other.severity)).toBeGreaterThanOrEqual(
              severities.indexOf(first.finding.severity),
            );
          }
        }
      }),
    );
  });

  it("does not depend on the order in which reviews come in", () => {
    fc.assert(
      fc.property(reviews, (written) => {
        const there = mergeFindings(judged(written));
        const back = mergeFindings(judged(written).toReversed());
        expect(back).toEqual(there);
      }),
    );
  });
});
