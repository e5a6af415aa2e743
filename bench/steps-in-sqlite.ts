import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEvaluator } from "../src/flows/expression/load-evaluator.ts";
import { openSqliteStore } from "../src/flows/store/sqlite/sqlite-store.ts";
import { flow, request, run } from "../test/flows/conformance/flows.ts";
import { valueOf } from "./value-of.ts";

/* Prints how many milliseconds flow runs of no-op steps take that go side by side, in a file of their own. */

const [flowRuns = 0, steps = 0] = process.argv.slice(2).map(Number);

const chain = flow(
  Array.from({ length: steps }, (_, at) =>
    run(`s${at}`, "true", { needs: at === 0 ? [] : [`s${at - 1}`] }),
  ),
);
const folder = mkdtempSync(join(tmpdir(), "delegate-bench-"));
const store = valueOf(openSqliteStore({ path: join(folder, "flows.sqlite"), loadEvaluator }));

async function measure(round: string, count: number): Promise<number> {
  for (let at = 0; at < count; at += 1) {
    valueOf(await store.create(request(`${round}${at}`, chain, folder)));
  }
  const startedAtMs = Date.now();
  const ended = await store.work(async () => ({ end: "done", output: {}, usage: null }), {
    signal: new AbortController().signal,
    only: null,
    limits: { steps: flowRuns, agents: {}, groups: {} },
    idleMs: 0,
    warn: (message) => process.stderr.write(`${message}\n`),
  });
  valueOf(ended);
  return (await lastEndMs()) - startedAtMs;
}

/** When the last one ended; the worker stays a moment longer, in case something comes. */
async function lastEndMs(): Promise<number> {
  const all = valueOf(await store.list({ name: null, status: "complete", limit: 1 + flowRuns }));
  return Math.max(...all.map(({ endedAt }) => Date.parse(endedAt ?? "")));
}

await measure("warm", 1);
process.stdout.write(`${await measure("f", flowRuns)}\n`);
await store.close();
rmSync(folder, { recursive: true });
