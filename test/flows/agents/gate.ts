import { readFileSync } from "node:fs";
import { handOver } from "./hand-over.ts";
import { readMessage } from "./message.ts";

// A reviewer that reads `greet.mjs` in its folder and approves when the line is there that the task needs. Its evidence is
// what it read.

const message = readMessage();
const lines = readFileSync("greet.mjs", "utf8").split("\n");

interface Found {
  readonly kind: "file";
  readonly file: string;
  readonly line: number;
  readonly quote: string;
}

function find(text: string): Found | null {
  const index = lines.findIndex((line) => line.includes(text));
  const quote = lines[index] ?? "";
  return index === -1 ? null : { kind: "file", file: "greet.mjs", line: index + 1, quote };
}

const refusal = find("throw new Error");
const start = find("greet") ?? { kind: "file", file: "greet.mjs", line: 1, quote: lines[0] ?? "" };
const wasCriticized = message.includes("## Critiques of the last review");
handOver({
  type: "review",
  result: refusal === null ? "Rejected." : "Approved.",
  data: {
    approved: refusal !== null,
    summary:
      refusal === null ? "An empty name is greeted like any other." : "Empty names are refused.",
    points: [
      { point: "An empty name is refused.", isMet: refusal !== null, evidence: [refusal ?? start] },
    ],
    critiques:
      refusal === null
        ? [
            {
              isBlocking: true,
              place: `greet.mjs:${start.line}`,
              problem: 'greet("") returns a greeting of nobody; an empty name has to be refused.',
              remedy: "Throw an error for an empty name.",
              evidence: [start],
            },
          ]
        : [],
    earlier: wasCriticized
      ? [
          {
            critique: "An empty name has to be refused.",
            isResolved: refusal !== null,
            why: refusal === null ? "Nothing refuses it." : `Line ${refusal.line} refuses it.`,
          },
        ]
      : [],
  },
});
