// JavaScript, because Node needs memory of its own to read TypeScript. Starts as many runs as it is told, and ends when
// its stdin does.
import { delegate } from "../dist/index.js";

const count = Number(process.argv[2]);
process.stdin.resume();
const outcomes = await Promise.all(
  Array.from({ length: count }, () => delegate({ agent: "silent", task: "Read the report." })),
);
const answered = outcomes.filter(({ status }) => status === "complete").length;
process.stdout.write(`${answered}\n`);
