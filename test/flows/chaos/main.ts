import { sqlite } from "../conformance/kinds.ts";
import { killWorkers } from "./kill-workers.ts";

/* npm run test:chaos [kills]: kills workers with -9 in flows of 30 steps, 50 times unless it is said otherwise. */

const report = await killWorkers({
  kind: sqlite,
  kills: Number(process.argv[2] ?? 50),
  random: Math.random,
  tell: (words) => void process.stdout.write(`${words}\n`),
});
const { kills, flowRuns, repeated, problems } = report;
process.stdout.write(
  `killed ${kills} times in ${flowRuns} flow runs; ${repeated} executions were cut off and done again; finished steps done again: ${problems.length === 0 ? 0 : "see below"}\n`,
);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
