import { describe } from "vitest";
import { agent, flow, forEach, order, run } from "./flows.ts";
import { storeTest } from "./store-test.ts";
import type { JournalLine } from "./steered-steps.ts";
import type { StoreKind } from "./store-kind.ts";

/** The most that were under way at once, of those that are counted. */
function mostAtOnce(
  journal: readonly JournalLine[],
  isCounted: (line: JournalLine) => boolean,
): number {
  let now = 0;
  let most = 0;
  for (const line of journal.filter(isCounted)) {
    now += line.what === "begins" ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

const numbers = Array.from({ length: 12 }, (_, index) => index + 1);

/** How much is under way at once, and what it may cost. */
export function describeLimiting(kind: StoreKind): void {
  describe(`${kind.name}: limiting`, () => {
    storeTest(
      "limits hold over two processes: in all, per agent, per group",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create(
          "f",
          flow([
            forEach("agents", "inputs.list", [agent("code", order({}))]),
            forEach("web", "inputs.list", [run("get", "sleep 0.02", { group: "web" })]),
            forEach("free", "inputs.list", [run("any", "sleep 0.02")]),
          ]),
          { list: numbers },
        );
        const limits = { steps: 5, agents: { coder: 1 }, groups: { web: 2 } };
        const workers = [rig.startWorker({ limits }), rig.startWorker({ limits })];
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
        const { journal } = rig;
        expect(journal).toHaveLength(72);
        expect(mostAtOnce(journal, ({ key }) => key.endsWith("code"))).toBe(1);
        expect(mostAtOnce(journal, ({ key }) => key.endsWith("get"))).toBeLessThanOrEqual(2);
        expect(mostAtOnce(journal, () => true)).toBeLessThanOrEqual(5);
        const pids = new Set(workers.map(({ child }) => child.pid));
        expect(journal.every(({ pid }) => pids.has(pid))).toBe(true);
      },
    );

    storeTest("the oldest begin first", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      for (const id of ["f1", "f2", "f3"])
        await rig.create(id, flow([agent(`of-${id}`, order({}))]));
      void rig.work({ limits: { steps: 1, agents: {}, groups: {} } });
      for (const id of ["f1", "f2", "f3"]) await rig.untilEnded(id);
      const begun = rig.journal.filter(({ what }) => what === "begins");
      expect(begun.map(({ key }) => key)).toEqual(["of-f1", "of-f2", "of-f3"]);
    });

    storeTest(
      "an agent whose places are taken holds nobody else up",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create(
          "f",
          flow([
            agent("one", order({ until: "go" })),
            agent("two", order({ until: "go" })),
            agent("other", order({}), { agent: "reviewer" }),
          ]),
        );
        void rig.work({ limits: { steps: 8, agents: { coder: 1 }, groups: {} } });
        await rig.untilTask("f", "other", "done");
        expect((await rig.task("f", "two")).status).toBe("ready");
        rig.touch("go");
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
        expect(mostAtOnce(rig.journal, ({ key }) => key !== "other")).toBe(1);
      },
    );

    storeTest(
      "a budget holds back what running steps may use, and ends the flow run when it is gone",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const budget = {
          costUsd: 3,
          tokens: null,
          unknown: "reserved",
          reserve: { costUsd: 1, tokens: null },
        } as const;
        const usage = { costUsd: 1, tokens: 10 };
        await rig.create(
          "f",
          flow([forEach("each", "inputs.list", [agent("code", order({ usage }))])], { budget }),
          { list: numbers },
        );
        const workers = [rig.startWorker(), rig.startWorker()];
        expect((await rig.untilEnded("f")).end).toMatchObject({
          status: "failed",
          failure: { code: "budget_exhausted" },
        });
        expect(rig.journal.filter(({ what }) => what === "begins")).toHaveLength(3);
        for (const { child } of workers) child.kill("SIGTERM");
      },
    );

    storeTest("what a step gives back of its budget, others take", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      const budget = {
        costUsd: null,
        tokens: 100,
        unknown: "free",
        reserve: { costUsd: null, tokens: 60 },
      } as const;
      const usage = { costUsd: null, tokens: 10 };
      await rig.create(
        "f",
        flow([forEach("each", "inputs.list", [agent("code", order({ usage }))])], { budget }),
        { list: [1, 2, 3] },
      );
      void rig.work();
      expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      expect(mostAtOnce(rig.journal, () => true)).toBe(1);
    });

    storeTest(`a list of ${kind.manyItems}`, async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      const list = Array.from({ length: kind.manyItems }, (_, index) => index);
      await rig.create("f", flow([forEach("each", "inputs.list", [run("one", "true")])]), { list });
      const ended = await rig.work(
        { only: "f", limits: { steps: 50, agents: {}, groups: {} } },
        async () => ({ end: "done", output: {}, usage: null }),
      );
      expect(ended).toEqual({ ok: true, value: "flow_ended" });
      const { end, tasks } = await rig.state("f");
      expect(end).toEqual({ status: "complete" });
      expect(tasks.get("each")).toMatchObject({ output: { count: kind.manyItems, failed: 0 } });
    });
  });
}
