/** The files of the demo's project, by their path in it. */
export function demoFiles(node: string): Readonly<Record<string, string>> {
  return {
    "delegate.config.json": `${JSON.stringify(demoConfig(node), null, 2)}\n`,
    "story.txt": story,
    "agents/librarian.sh": librarian,
    "agents/surveyor.mjs": surveyor,
    "agents/night-clerk.sh": nightClerk,
    "agents/scribe.sh": scribe,
    "flows/summary.yaml": summaryFlow,
  };
}

function demoConfig(node: string): object {
  return {
    agents: {
      librarian: { command: ["sh", "agents/librarian.sh"], handoff: "stdout" },
      surveyor: { command: [node, "agents/surveyor.mjs"], handoff: "file" },
      "night-clerk": { command: ["sh", "agents/night-clerk.sh"], handoff: "stdout" },
      scribe: { command: ["sh", "agents/scribe.sh"], handoff: "stdout" },
    },
    acl: { surveyor: ["librarian"] },
    retry: { baseMs: 300 },
    gateway: { idleSeconds: 60 },
  };
}

/** Reports on the text in its message: the context if there is one, otherwise the file that the task names. */
const librarian = `#!/bin/sh
# An agent that is a few lines of shell: the message comes on stdin, the result goes to stdout.
message=$(mktemp) text=$(mktemp)
trap 'rm -f "$message" "$text"' EXIT
cat > "$message"
awk '/^~~~+$/ { inside = !inside; next } inside' "$message" > "$text"
if [ ! -s "$text" ]; then
  file=$(grep -o '[A-Za-z0-9_-]*\\.txt' "$message" | head -n 1)
  cat "$file" > "$text" || exit 1
fi
echo "$(wc -l < "$text" | tr -d ' ') lines, $(wc -w < "$text" | tr -d ' ') words."
echo "Most frequent longer words:"
tr -cs '[:alpha:]' '\\n' < "$text" | tr '[:upper:]' '[:lower:]' | awk 'length > 5' | sort | uniq -c | sort -k1,1nr -k2 | head -n 3 |
  awk '{ printf "  %s (%d times)\\n", $2, $1 }'
`;

/** Measures the text, and forgets most of the format until it is told what was wrong. */
const surveyor = `// An agent that writes the handoff file itself. Its first answer is careless; when it is told what was wrong, it mends it.
import { readFileSync, writeFileSync } from "node:fs";

const message = readFileSync(0, "utf8");
const sentences = readFileSync("story.txt", "utf8").split(/[.!?]\\s/).filter((one) => one.trim() !== "");
const longest = sentences.reduce((a, b) => (b.split(/\\s+/).length > a.split(/\\s+/).length ? b : a));
const data = { sentences: sentences.length, longestInWords: longest.trim().split(/\\s+/).length };
const result = \`\${data.sentences} sentences; the longest has \${data.longestInWords} words.\`;
const careless = { status: "done", result };
const careful = {
  schemaVersion: "1.1",
  runId: process.env.DELEGATE_RUN_ID,
  agent: process.env.DELEGATE_AGENT,
  status: "complete",
  result,
  deliverable: { type: "analysis", title: "Sentences", path: null, summary: result },
  artifacts: [],
  confidence: "high",
  notes: "",
  timestamp: new Date().toISOString(),
  data,
};
const wasCorrected = message.includes("## What was wrong");
writeFileSync(process.env.DELEGATE_HANDOFF_PATH, JSON.stringify(wasCorrected ? careful : careless));
`;

/** Takes its time, for being waited for. */
const nightClerk = `#!/bin/sh
# An agent that takes its time.
cat > /dev/null
sleep 2
echo "Read all night. The story begins: $(head -n 1 story.txt)"
`;

/** Writes too much until it is told so. */
const scribe = `#!/bin/sh
# An agent that writes too much until it is told so.
if grep -q 'words, and' ; then head -n 1 story.txt; else head -n 2 story.txt; fi
`;

const summaryFlow = `name: summary
description: Sums up a story in few words, and keeps what a person approves
inputs:
  type: object
  required: [story]
  properties:
    story: { type: string, description: the file to be summed up }
    words: { type: integer, description: how many words are enough, default: 15 }
agents: { writer: scribe }
steps:
  work:
    loop: { max: 3, until: steps.check.exitCode == 0 }
    steps:
      write:
        agent: writer
        task: |
          Sum up \${{ inputs.story }} in at most \${{ inputs.words }} words.
          \${{ previous.check.failure.message }}
      check:
        needs: write
        on-failure: next-iteration
        run: |
          count=$(echo "\${{ steps.write.result }}" | wc -w)
          test $count -le "\${{ inputs.words }}" && exit 0
          echo "it has $count words, and \${{ inputs.words }} are enough" >&2
          exit 1
  approve: { approve: "Keep this? \${{ steps.work.steps.write.result }}", needs: work }
  keep: { run: 'echo "\${{ steps.work.steps.write.result }}" > summary.txt', needs: approve }
report: |
  # \${{ inputs.story }}

  \${{ steps.work.steps.write.result }}

  After \${{ steps.work.iterations }} iterations, \${{ steps.approve.approved ? "approved" : "rejected" }} by \${{ steps.approve.by }}.
`;

const story = `The lighthouse keeper counted ships the way other people count sheep.
Every evening she wrote their names into a ledger, and every morning she read the ledger aloud to the gulls.
One winter a ship came that had no name. The keeper wrote down a question mark, and the gulls were silent.
The ship came again the next evening, and the next, always without a name and always without a lantern.
So the keeper rowed out to ask. Nobody answered, but on the deck stood a ledger like her own.
In it, in a careful hand, somebody had written the name of every lighthouse on the coast.
Behind the name of her own lighthouse there was a question mark.
`;
