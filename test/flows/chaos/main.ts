import { sqlite } from "../conformance/kinds.ts";
import { killAtPoint } from "./kill-points.ts";
import { killWorkers } from "./kill-workers.ts";

/*
 * npm run test:chaos [kills]: kills workers with -9 in flows of 30 steps, 50 times unless it is said otherwise; then the
 * process of a flow with agents once before each of its effects on the world.
 */

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

let point = 0;
let badPoints = 0;
for (let wasKilled = true; wasKilled;) {
  point += 1;
  const found = await killAtPoint(point);
  wasKilled = found.wasKilled;
  badPoints += Number(found.problems.length > 0);
  for (const problem of found.problems) process.stdout.write(`at point ${point}: ${problem}\n`);
}
process.stdout.write(`killed at each of ${point - 1} points of a flow; went wrong: ${badPoints}\n`);
process.exitCode = problems.length + badPoints === 0 ? 0 : 1;
