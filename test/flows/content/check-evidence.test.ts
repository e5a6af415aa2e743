import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { runScript } from "./run-script.ts";
import type { ScriptEnd } from "./run-script.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";

let parent: string;
let folder: string;

beforeEach(() => {
  parent = temporaryFolder();
  folder = join(parent, "project");
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "src/limit.ts"), "// Bounds.\nexport const LIMIT = 8;\n");
  writeFileSync(join(parent, "secret.txt"), "the secret of the house\n");
});

const limit = { kind: "file", file: "src/limit.ts", line: 2, quote: "export const LIMIT = 8;" };

function claim(id: string, ...evidence: object[]): object {
  return { id, claim: `Claim ${id}.`, confidence: "medium", from: ["tracer"], evidence };
}

function check(report: unknown, env: Readonly<Record<string, string>> = {}): Promise<ScriptEnd> {
  return runScript("check-evidence.mjs", folder, { REPORT: JSON.stringify(report), ...env });
}

describe("a report whose claims all have their evidence", () => {
  it("passes, and each claim says what it rests on", async () => {
    const report = {
      answer: "The limit is eight [C1]; the tests pass [C2]. It was never lower [C3].",
      claims: [
        claim("C1", limit),
        claim("C2", { kind: "command", command: "npm test", output: "12 passed" }),
        claim("C3", { kind: "not-verified", why: "the log was not read" }),
      ],
      disagreements: [{ about: "The unit.", weighed: "The code says pieces." }],
      open: ["Who sets it?"],
    };
    const asked = [
      { persona: "tracer", status: "done" },
      { persona: "operator", status: "failed" },
    ];
    const { exitCode, stdout, stderr } = await check(report, {
      QUESTION: "What is the limit?",
      ASKED: JSON.stringify(asked),
    });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`# What is the limit?

The limit is eight [C1]; the tests pass [C2]. It was never lower [C3: not verified].

## Claims

**C1** Claim C1.

evidence found · confidence medium · from tracer

- \`src/limit.ts:2\`

  \`\`\`
  export const LIMIT = 8;
  \`\`\`

**C2** Claim C2.

a command's output, as stated · confidence medium · from tracer

- \`npm test\` printed, as stated:

  \`\`\`
  12 passed
  \`\`\`

**C3** Claim C3.

**not verified** · confidence medium · from tracer

- not verified: the log was not read

## Where they disagreed

- **The unit.** The code says pieces.

## Open

- Who sets it?

## How this was checked

3 claims: 1 with a quote that was found in its file, 1 with a command's output that was not run again, 1 not verified.
Asked: tracer.
Without an answer: operator (failed).
`);
  });

  it("may come on stdin", async () => {
    const report = JSON.stringify({ claims: [claim("C1", limit)] });
    const end = await runScript("check-evidence.mjs", folder, {}, report);
    expect(end).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("may name files by their whole path", async () => {
    const file = join(folder, "src/limit.ts");
    expect(await check({ claims: [claim("C1", { ...limit, file })] })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("a report with something that does not hold", () => {
  it("says so, and marks the claim as not verified", async () => {
    const wrong = { ...limit, quote: "export const LIMIT = 9;" };
    const { exitCode, stdout, stderr } = await check({
      answer: "The limit is nine [C1].",
      claims: [claim("C1", wrong)],
    });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "C1: src/limit.ts:2: the quoted text does not stand in the file; quote it word for word, with nothing left out.\n",
    );
    expect(stdout).toContain("The limit is nine [C1: not verified].");
    expect(stdout).toContain("**not verified** · confidence medium");
    expect(stdout).toContain("- `src/limit.ts:2`: does not hold, the quoted text does not stand");
    expect(stdout).not.toContain("LIMIT = 9");
  });

  it("tells all at once", async () => {
    const { exitCode, stderr } = await check({
      answer: "Nothing behind this.\n\nAnd this is of nobody [C9].",
      claims: [
        claim("C1"),
        claim("C1", { kind: "command", command: "ls", output: "" }),
        { id: "C3", claim: " ", confidence: "low", evidence: [limit] },
        {
          id: "C4",
          claim: "Sure.",
          confidence: "high",
          evidence: [{ kind: "not-verified", why: "no time" }],
        },
      ],
    });
    expect(exitCode).toBe(1);
    expect(stderr.trimEnd().split("\n")).toEqual([
      "C1: several claims have this id.",
      "C1: it has no evidence. Give some, or mark it as not verified and say why.",
      "C1: ls: it has no output; say at least what was printed, or how it ended.",
      "C3: it says nothing.",
      "C4: it is not verified, so its confidence can't be high.",
      "The answer names C9, and there is no such claim.",
      'This part of the answer names no claim: "Nothing behind this."',
    ]);
  });

  it("has at least one claim", async () => {
    expect(await check({ claims: [] })).toMatchObject({
      exitCode: 1,
      stderr: "There are no claims.\n",
    });
  });
});

async function problemOf(file: string): Promise<string> {
  const { exitCode, stderr, stdout } = await check({
    claims: [claim("C1", { kind: "file", file, line: 1, quote: "the secret of the house" })],
  });
  expect(exitCode).toBe(1);
  expect(stdout).not.toContain("the secret of the house");
  return stderr;
}

describe("files that are no evidence", () => {
  it("are those outside the folder, also through links", async () => {
    symlinkSync(join(parent, "secret.txt"), join(folder, "link.txt"));
    symlinkSync(parent, join(folder, "up"));
    for (const file of [
      "../secret.txt",
      join(parent, "secret.txt"),
      "link.txt",
      "up/secret.txt",
      "src/../../secret.txt",
    ]) {
      expect(await problemOf(file)).toContain(": the file is outside the folder.");
    }
  });

  it("are those that are missing, no file, no text, or too large", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    writeFileSync(join(folder, "binary"), "a\0b");
    writeFileSync(join(folder, "huge"), "");
    truncateSync(join(folder, "huge"), 11 * 1024 * 1024);
    symlinkSync("loop", join(folder, "loop"));
    expect(await problemOf("missing.ts")).toContain(": the file does not exist.");
    expect(await problemOf("src/limit.ts/x")).toContain(": the file does not exist.");
    expect(await problemOf("src")).toContain(": the file is not a plain file.");
    expect(await problemOf("pipe")).toContain(": the file is not a plain file.");
    expect(await problemOf(".")).toContain(": the file is outside the folder.");
    expect(await problemOf("binary")).toContain(": the file is not a text file.");
    expect(await problemOf("huge")).toContain(": the file is too large to check");
    expect(await problemOf("loop")).toContain(": the file is a link to itself.");
    expect(await problemOf("a\0b")).toContain(": the file is no file name.");
    expect(await problemOf("x".repeat(5000))).toContain(": the file is no file name.");
  });
});

describe("what is no report", () => {
  it.each([
    ["", /JSON/],
    ["{", /JSON/],
    ["[]", /no list "claims"/],
    ["null", /no list "claims"/],
  ])("%j ends with exit code 2", async (text, problem) => {
    const end = await runScript("check-evidence.mjs", folder, { REPORT: text });
    expect(end).toMatchObject({ exitCode: 2, stdout: "" });
    expect(end.stderr).toMatch(problem);
  });

  it("survives claims of any shape", async () => {
    const { exitCode, stderr } = await check({
      answer: 7,
      claims: [null, "C1", [], { evidence: "src/limit.ts:2" }, { id: 3, evidence: [null, 4] }],
      disagreements: { about: 1 },
      open: [null, "", { a: 1 }],
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("C1: it says nothing.");
    expect(stderr).toContain('C5: evidence: its "kind" is neither');
  });
});

describe("texts of agents in the report", () => {
  it("can't become headings, end a block of code, or steer a terminal", async () => {
    const { stdout, stderr } = await check(
      {
        answer: "# Big\n\nSo \u001b[31mred [C1].",
        claims: [
          {
            id: "C1",
            claim: "One.\n\n## Claims\n\nTwo.",
            confidence: "low",
            from: [],
            evidence: [
              {
                kind: "command",
                command: "echo `date`\nx",
                output: "```\n# Free\n````\n\u001b[2J",
              },
            ],
          },
        ],
      },
      { QUESTION: "Why?\n# Really\u202e" },
    );
    expect(stderr).toBe("");
    expect(stdout.split("\n").filter((line) => line.startsWith("# "))).toEqual(["# Why? # Really"]);
    expect(stdout).toContain("### Big\n\nSo [31mred [C1].");
    expect(stdout).toContain("**C1** One. ## Claims Two.");
    expect(stdout).toContain(
      "- ``echo `date` x`` printed, as stated:\n\n  `````\n  ```\n  # Free\n  ````\n  [2J\n  `````",
    );
    expect(stdout).not.toContain("\u001b");
  });
});
