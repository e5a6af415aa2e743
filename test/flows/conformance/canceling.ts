import { describe } from "vitest";
import { quickPace } from "./pace.ts";
import { agent, approve, flow, order, run, waitsFor } from "./flows.ts";
import { storeTest } from "./store-test.ts";
import type { StoreKind } from "./store-kind.ts";

const cancel = { kind: "cancel", by: "ada", reason: "enough" } as const;
const canceled = { status: "canceled", by: "ada", reason: "enough" } as const;

/** Canceling, however the flow run stands. */
export function describeCanceling(kind: StoreKind): void {
  describe(`${kind.name}: canceling`, () => {
    storeTest("before anything has begun, without a worker", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([run("one", "true")]));
      expect(await rig.signal("f", cancel)).toEqual({ kind: "taken" });
      expect((await rig.state("f")).end).toEqual(canceled);
      expect((await rig.task("f", "one")).status).toBe("canceled");
      expect(await rig.work({ idleMs: 0 })).toEqual({ ok: true, value: "idle" });
      expect(rig.journal).toEqual([]);
    });

    storeTest(
      "while steps run, in other processes: they are told to stop",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create(
          "f",
          flow([run("command", waitsFor("never")), agent("code", order({ until: "never" }))]),
        );
        const limits = { steps: 1, agents: {}, groups: {} };
        rig.startWorker({ limits });
        rig.startWorker({ limits: { ...limits, steps: 2 } });
        await rig.untilNoted("command", "begins");
        await rig.untilNoted("code", "begins");
        expect(await rig.signal("f", cancel)).toEqual({ kind: "taken" });
        const { end, tasks } = await rig.untilEnded("f");
        expect(end).toEqual(canceled);
        expect(tasks.get("command")).toMatchObject({ status: "canceled" });
        expect(tasks.get("code")).toMatchObject({ status: "canceled" });
        const stops = rig.journal.filter(({ what }) => what === "stops");
        expect(stops.map(({ why }) => why)).toEqual(["canceled", "canceled"]);
      },
    );

    storeTest("while it waits for somebody", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([approve("ok", "ok?")]));
      void rig.work();
      await rig.untilTask("f", "ok", "waiting");
      expect(await rig.signal("f", cancel)).toEqual({ kind: "taken" });
      expect((await rig.state("f")).end).toEqual(canceled);
    });

    storeTest("between two attempts", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      const retry = { attempts: 2, baseMs: 600_000, maxMs: 600_000 };
      await rig.create("f", flow([run("bad", "false", { retry })]));
      void rig.work();
      await rig.until("f", "a retry", ({ tasks }) => {
        const task = tasks.get("bad");
        return task?.status === "ready" && task.attempt === 2;
      });
      expect(await rig.signal("f", cancel)).toEqual({ kind: "taken" });
      expect((await rig.state("f")).end).toEqual(canceled);
    });

    storeTest("while nobody knows how a step ended", async ({ newRig, expect }) => {
      const rig = await newRig(kind, quickPace);
      await rig.create("f", flow([run("one", waitsFor("never"), { recovery: "ask" })]));
      const first = rig.startWorker();
      await rig.untilNoted("one", "begins");
      first.child.kill("SIGKILL");
      void rig.work();
      await rig.untilTask("f", "one", "undecided");
      expect(await rig.signal("f", cancel)).toEqual({ kind: "taken" });
      expect((await rig.state("f")).end).toEqual(canceled);
    });

    storeTest("when its worker is dead: the next one ends it", async ({ newRig, expect }) => {
      const rig = await newRig(kind, quickPace);
      await rig.create("f", flow([agent("code", order({ until: "never" }))]));
      const first = rig.startWorker();
      await rig.untilNoted("code", "begins");
      first.child.kill("SIGKILL");
      await first.end;
      expect(await rig.signal("f", cancel)).toEqual({ kind: "taken" });
      void rig.work();
      expect((await rig.untilEnded("f")).end).toEqual(canceled);
    });

    storeTest("twice, and after the end", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([run("one", "true")]));
      await rig.create("g", flow([run("one", "true")]));
      await rig.signal("f", cancel);
      expect(await rig.signal("f", cancel)).toMatchObject({ kind: "already" });
      void rig.work();
      await rig.untilEnded("g");
      expect(await rig.signal("g", cancel)).toMatchObject({ kind: "refused" });
    });
  });
}
