import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { handOver } from "./hand-over.ts";
import { personaIn, readMessage } from "./message.ts";

// An investigator that looks for the word that stands in backticks in the question, in all files below its folder, and
// reports where it found it. The skeptic quotes one line from memory, and wrongly; the operator is never there.

interface Claim {
  readonly id: string;
  readonly claim: string;
  readonly confidence: string;
  readonly evidence: readonly object[];
}

const message = readMessage();
const persona = personaIn(message);
if (persona === "operator") {
  process.stderr.write("the operator is on leave\n");
  process.exit(3);
}
const word = /`(\w+)`/.exec(message.slice(message.indexOf("Investigate this question")))?.[1] ?? "";

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(mjs|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|\/)(handoffs|logs|\.git)\//.test(path))
    .toSorted();
}

function placesOf(file: string): object[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((quote, index) =>
      quote.includes(word) ? [{ kind: "file", file, line: index + 1, quote }] : [],
    );
}

const places = filesBelow(".").flatMap(placesOf);
const claims: Claim[] = places.map((place, index) => ({
  id: `C${index + 1}`,
  claim: `${word} stands at ${Object.values(place).slice(1, 3).join(":")}.`,
  confidence: "high",
  evidence: [place],
}));
const [first] = places;
if (persona === "skeptic" && first !== undefined) {
  claims.push({
    id: `C${claims.length + 1}`,
    claim: `${word} is changed while the program runs.`,
    confidence: "medium",
    evidence: [{ ...first, quote: `${word} = anythingElse();` }],
  });
}
if (claims.length === 0) {
  const why = "none of the files has the word";
  const evidence = [{ kind: "not-verified", why }];
  claims.push({ id: "C1", claim: `${word} is not here.`, confidence: "low", evidence });
}
handOver({
  type: "analysis",
  result: `${persona}: ${places.length} places.`,
  data: {
    answer: claims.map(({ id, claim }) => `${claim} [${id}]`).join(" "),
    claims,
    open: [],
  },
});
