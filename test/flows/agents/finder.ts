import { handOver } from "./hand-over.ts";
import { materialIn, personaIn, readMessage, sectionOf } from "./message.ts";

// A reviewer that looks for faults in the lines of the diff in its message. Each persona knows some faults and has words of
// its own for them. The operator is never there.

interface Line {
  readonly file: string;
  readonly line: number;
  readonly sign: "+" | "-";
  readonly text: string;
}

interface Fault {
  readonly sign: "+" | "-";
  readonly pattern: RegExp;
  readonly severity: string;
  readonly title: string;
  readonly problem: string;
}

const evaluation = { sign: "+" as const, pattern: /\beval\(/ };
const check = { sign: "-" as const, pattern: /\bthrow\b/ };
const faults: Readonly<Record<string, readonly Fault[]>> = {
  "correctness-reviewer": [
    {
      ...check,
      severity: "major",
      title: "An empty name is no longer refused",
      problem: 'greet("") now returns a greeting of nobody; the line that refused it is gone.',
    },
    {
      ...evaluation,
      severity: "major",
      title: "eval fails for names that are no code",
      problem: "eval of the name throws a SyntaxError for most names.",
    },
  ],
  "edge-walker": [
    {
      ...check,
      severity: "minor",
      title: "Empty names are not refused",
      problem: 'For greet("") nothing refuses the empty name; it greets nobody.',
    },
  ],
  "security-reviewer": [
    {
      ...evaluation,
      severity: "critical",
      title: "eval runs whatever the name says",
      problem: "A name is passed to eval, so whoever sends a name runs code here.",
    },
  ],
};

function linesOf(diff: string): Line[] {
  const lines: Line[] = [];
  let file = "";
  const next = { "-": 0, "+": 0 };
  for (const text of diff.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (text.startsWith("+++ b/")) file = text.slice(6);
    else if (hunk !== null) Object.assign(next, { "-": Number(hunk[1]), "+": Number(hunk[2]) });
    else if (file === "" || text.startsWith("+++") || text.startsWith("---")) continue;
    else if (text.startsWith("+"))
      lines.push({ file, line: next["+"]++, sign: "+", text: text.slice(1) });
    else if (text.startsWith("-"))
      lines.push({ file, line: next["-"]++, sign: "-", text: text.slice(1) });
    else {
      next["-"] += 1;
      next["+"] += 1;
    }
  }
  return lines;
}

const message = readMessage();
const persona = personaIn(message);
if (persona === "operator") {
  process.stderr.write("the operator is on leave\n");
  process.exit(3);
}
const lines = linesOf(materialIn(sectionOf(message, "The change")));
const found = (faults[persona] ?? []).flatMap(({ sign, pattern, ...fault }) =>
  lines
    .filter((line) => line.sign === sign && pattern.test(line.text))
    .map(({ file, line, text }) => ({
      ...fault,
      file,
      line,
      consequence: "Whoever calls greet.",
      fix: "Take the change of this line back.",
      evidence: [{ kind: "file", file, line, quote: text }],
    })),
);
const isUntested = persona === "test-judge" && lines.every(({ file }) => !file.includes("test"));
const findings = isUntested
  ? [
      ...found,
      {
        severity: "minor",
        title: "No test would notice this change",
        file: null,
        line: null,
        problem: "The diff changes no test.",
        consequence: "The next change breaks it again.",
        fix: "Add a test for an empty name.",
        evidence: [{ kind: "not-verified", why: "tests may lie elsewhere" }],
      },
    ]
  : found;
handOver({
  type: "review",
  result: `${persona}: ${findings.length} findings.`,
  data: { findings, looked: [`${lines.length} changed lines`], notVerified: [] },
});
