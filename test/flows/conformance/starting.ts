import { describe } from "vitest";
import { flow, forEach, run } from "./flows.ts";
import { storeTest } from "./store-test.ts";
import type { StoreKind } from "./store-kind.ts";

/** Several processes at the same moment. */
export function describeStarting(kind: StoreKind): void {
  describe(`${kind.name}: starting`, () => {
    storeTest("several workers on an empty store", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.store.close();
      const place = await kind.newPlace(`${rig.folder}/new`);
      const workers = [1, 2, 3].map(() => rig.startWorker({ place, idleMs: 0 }));
      const ends = await Promise.all(workers.map(({ end }) => end));
      expect(ends).toEqual(workers.map(() => ({ stdout: "idle\n", stderr: "" })));
    });

    storeTest(
      "workers come while a flow run is on, and none of its steps is done twice",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const list = Array.from({ length: 40 }, (_, index) => index);
        await rig.create("f", flow([forEach("each", "inputs.list", [run("one", "true")])]), {
          list,
        });
        const limits = { steps: 4, agents: {}, groups: {} };
        for (let count = 0; count < 3; count += 1) rig.startWorker({ limits });
        void rig.work({ limits });
        void rig.work({ limits });
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
        const begun = rig.journal.filter(({ what }) => what === "begins").map(({ key }) => key);
        expect(new Set(begun).size).toBe(40);
        expect(begun).toHaveLength(40);
      },
    );
  });
}
