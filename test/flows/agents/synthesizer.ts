import { handOver } from "./hand-over.ts";
import { materialIn, readMessage, sectionOf } from "./message.ts";

// A synthesizer that puts the same claims together and keeps who said them. At first it believes everything; what it is told
// does not hold, it marks as not verified. `credulous` behind it: it never does.

interface Claim {
  readonly claim: string;
  readonly evidence: readonly object[];
}
interface Report {
  readonly persona: string;
  readonly claims: readonly Claim[];
}

const message = readMessage();
const isCredulous = process.argv.includes("credulous");
const reports: readonly Report[] = JSON.parse(materialIn(sectionOf(message, "The reports")));
const broken = isCredulous ? "" : sectionOf(message, "What did not hold");

const said = new Map<string, { readonly from: string[]; readonly evidence: readonly object[] }>();
for (const { persona, claims } of reports) {
  for (const { claim, evidence } of claims) {
    const known = said.get(claim);
    if (known === undefined) said.set(claim, { from: [persona], evidence });
    else known.from.push(persona);
  }
}
const claims = [...said].map(([claim, { from, evidence }], index) => {
  const id = `C${index + 1}`;
  const doesHold = !broken.includes(`\n${id}: `);
  return {
    id,
    claim,
    confidence: doesHold ? "medium" : "low",
    from,
    evidence: doesHold
      ? evidence
      : [{ kind: "not-verified", why: "what was quoted for it is not in the file" }],
  };
});
handOver({
  type: "analysis",
  result: `${claims.length} claims of ${reports.length} reports.`,
  data: {
    answer: claims.map(({ id, claim }) => `${claim} [${id}]`).join("\n\n"),
    claims,
    disagreements: [],
    open: [],
  },
});
