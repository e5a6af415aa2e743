import { describe, expect, it } from "vitest";
import { judgeEvidence, readEvidence } from "../../../flows/evidence/evidence.mjs";
import type { Lines } from "../../../flows/evidence/read-lines.mjs";

const texts = new Map<string, Lines>([
  ["src/a.ts", { lines: ["const first = 1;", "const second = 2;"] }],
  ["gone.ts", { problem: "does not exist" }],
]);

function problemOf(value: unknown): string {
  const judgment = judgeEvidence(readEvidence(value), texts);
  return judgment.standing === "broken" ? judgment.problem : judgment.standing;
}

describe("evidence", () => {
  it("is found when the file has the line and the quote stands near it", () => {
    expect(problemOf({ kind: "file", file: "src/a.ts", line: 2, quote: "const second = 2;" })).toBe(
      "found",
    );
    expect(problemOf({ kind: "file", file: " src/a.ts ", line: 1, quote: "second = 2" })).toBe(
      "found",
    );
  });

  it("is stated when a command has an output", () => {
    expect(problemOf({ kind: "command", command: "npm test", output: "12 passed" })).toBe("stated");
  });

  it("may say that it is not verified, with a reason", () => {
    expect(problemOf({ kind: "not-verified", why: "there is no shell" })).toBe("none");
    expect(problemOf({ kind: "not-verified" })).toBe("it does not say why it is not verified");
  });

  it.each([
    [{ kind: "file", file: "gone.ts", line: 1, quote: "const" }, "the file does not exist"],
    [
      { kind: "file", file: "src/a.ts", line: 3, quote: "const second = 2;" },
      "the file has 2 lines",
    ],
    [{ kind: "file", file: "src/a.ts", line: 0, quote: "const" }, "it names no line"],
    [{ kind: "file", file: "src/a.ts", line: 1.5, quote: "const" }, "it names no line"],
    [{ kind: "file", file: "src/a.ts", line: "2", quote: "const" }, "it names no line"],
    [{ kind: "file", line: 1, quote: "const" }, "it names no file"],
    [{ kind: "file", file: "other.ts", line: 1, quote: "x" }, "the file was not looked at"],
    [{ kind: "command", output: "ok" }, "it names no command"],
    [
      { kind: "command", command: "true", output: " \n" },
      "it has no output; say at least what was printed, or how it ended",
    ],
    [{ kind: "hearsay" }, 'its "kind" is neither "file", "command" nor "not-verified"'],
    [null, 'its "kind" is neither "file", "command" nor "not-verified"'],
    ["src/a.ts:1", 'its "kind" is neither "file", "command" nor "not-verified"'],
    [[], 'its "kind" is neither "file", "command" nor "not-verified"'],
  ])("%j is broken: %s", (value, problem) => {
    expect(problemOf(value)).toBe(problem);
  });

  it("says what is wrong with a quote", () => {
    expect(
      problemOf({ kind: "file", file: "src/a.ts", line: 1, quote: "const third = 3;" }),
    ).toContain("does not stand in the file");
    expect(problemOf({ kind: "file", file: "src/a.ts", line: 1, quote: "const" })).toContain(
      "too short",
    );
    expect(problemOf({ kind: "file", file: "src/a.ts", line: 1 })).toContain("too short");
  });
});
