import { openDatabase } from "../../../src/flows/store/sqlite/open-database.ts";
import { registerWorker } from "../../../src/flows/store/sqlite/worker-rows.ts";
import { flow, run } from "../conformance/flows.ts";
import { sqlite } from "../conformance/kinds.ts";
import { valueOf } from "../conformance/rig.ts";
import { storeTest } from "../conformance/store-test.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const NOW_MS = 10 * DAY_MS;

storeTest(
  "workers that were silent for a day are forgotten, unless a step is theirs",
  async ({ newRig, expect }) => {
    const rig = await newRig(sqlite);
    await rig.create("f", flow([run("one", "true")]));
    const database = valueOf(openDatabase(rig.place, 1_000));
    const old = registerWorker(database, null, NOW_MS);
    const holder = registerWorker(database, null, NOW_MS);
    const recent = registerWorker(database, null, NOW_MS + DAY_MS);
    database.run("UPDATE task SET status = 'running', owner = ?", holder);
    const own = registerWorker(database, null, NOW_MS + DAY_MS + 1);
    const numbers = database.all("SELECT number FROM worker").map(({ number }) => number);
    expect(numbers).toEqual([holder, recent, own]);
    expect(numbers).not.toContain(old);
    database.close();
  },
);
