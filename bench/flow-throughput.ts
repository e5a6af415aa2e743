import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEvaluator } from "../src/flows/load-evaluator.ts";
import { openSqliteStore } from "../src/flows/store/sqlite/sqlite-store.ts";
import type { FlowStore } from "../src/flows/store.ts";
import { flow, request, run } from "../test/flows/conformance/flows.ts";
import { nowMs } from "./measure.ts";

/*
 * node bench/flow-throughput.ts [flows] [steps]: carries out so many flows at once on a new SQLite store, each a chain
 * of so many steps that do nothing, in this one process. Prints one line of JSON with `stepsPerSecond`.
 */

const [flows = 10, steps = 100] = process.argv.slice(2).map(Number);

const folder = mkdtempSync(join(tmpdir(), "delegate-throughput-"));
try {
  const opened = openSqliteStore({ path: join(folder, "flows.sqlite"), loadEvaluator });
  if (!opened.ok) throw new Error(opened.failure.message);
  await createAll(opened.value);
  const startedAt = nowMs();
  await carryOutAll(opened.value);
  const ms = nowMs() - startedAt;
  await opened.value.close();
  const stepsPerSecond = Math.round((flows * steps * 1_000) / ms);
  process.stdout.write(`${JSON.stringify({ flows, steps, ms, stepsPerSecond })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function createAll(store: FlowStore): Promise<void> {
  const chain = flow(
    Array.from({ length: steps }, (_, place) =>
      run(`step-${place}`, "true", place === 0 ? {} : { needs: [`step-${place - 1}`] }),
    ),
  );
  for (let number = 0; number < flows; number += 1) {
    const created = await store.create(request(`flow-${number}`, chain, folder));
    if (!created.ok) throw new Error(created.failure.message);
  }
}

/** Until every flow run has ended; a worker that is to leave when it is idle would wait on beyond that. */
async function carryOutAll(store: FlowStore): Promise<void> {
  const leaving = new AbortController();
  let left = flows * steps;
  const work = await store.work(
    async () => {
      left -= 1;
      if (left === 0) setImmediate(() => leaving.abort());
      return { end: "done", output: {}, usage: null };
    },
    {
      signal: leaving.signal,
      only: null,
      limits: { steps: flows, agents: {}, groups: {} },
      idleMs: null,
      warn: (message) => process.stderr.write(`${message}\n`),
    },
  );
  if (!work.ok) throw new Error(work.failure.message);
  const ended = await store.list({ name: null, status: "complete", limit: flows });
  if (!ended.ok || ended.value.length !== flows) throw new Error("not all flows are complete");
}
