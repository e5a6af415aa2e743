import { DBOS } from "@dbos-inc/dbos-sdk";
import { silent } from "../src/flows/store/postgres/dbos-settings.ts";
import { nowMs } from "./measure.ts";

/* Prints how many milliseconds workflows of no-op steps take that go side by side: DBOS alone, as its documents have it. */

const [flowRuns = 0, steps = 0] = process.argv.slice(2).map(Number);
const systemDatabaseUrl = process.env["DATABASE_URL"];
if (systemDatabaseUrl === undefined) throw new Error("DATABASE_URL names the database");

DBOS.setConfig({ name: "bench", systemDatabaseUrl, logger: silent });
const chain = DBOS.registerWorkflow(
  async () => {
    for (let at = 0; at < steps; at += 1)
      await DBOS.runStep(async () => undefined, { name: `s${at}` });
  },
  { name: "chain" },
);

async function measure(count: number): Promise<number> {
  const startedAt = nowMs();
  const handles = await Promise.all(
    Array.from({ length: count }, () => DBOS.startWorkflow(chain)()),
  );
  await Promise.all(handles.map((handle) => handle.getResult()));
  return nowMs() - startedAt;
}

await DBOS.launch();
await measure(1);
process.stdout.write(`${await measure(flowRuns)}\n`);
await DBOS.shutdown();
