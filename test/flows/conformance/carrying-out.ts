import { describe } from "vitest";
import { agent, approve, flow, forEach, loop, order, request, run } from "./flows.ts";
import { valueOf } from "./rig.ts";
import { storeTest } from "./store-test.ts";
import type { StoreKind } from "./store-kind.ts";

/** A flow run from its start to its end, with nothing in its way. */
export function describeCarryingOut(kind: StoreKind): void {
  describe(`${kind.name}: carrying out`, () => {
    storeTest(
      "steps run as their needs allow, and see what others produced",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create(
          "f",
          flow([
            run("one", "echo first"),
            run("two", "echo $WORD", { needs: ["one"], env: { WORD: "${{ steps.one.stdout }}!" } }),
          ]),
        );
        void rig.work();
        const { end, tasks } = await rig.untilEnded("f");
        expect(end).toEqual({ status: "complete" });
        expect(tasks.get("two")).toMatchObject({ status: "done", output: { stdout: "first!" } });
      },
    );

    storeTest("what happens is told in order, without gaps", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([run("one", "true")]));
      void rig.work();
      await rig.untilEnded("f");
      const events = await rig.events("f");
      expect(events.map(({ type }) => type).filter((type) => type !== "step_progress")).toEqual([
        "flow_created",
        "step_ready",
        "step_started",
        "step_done",
        "flow_ended",
      ]);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(valueOf(await rig.store.events("f", 3))).toEqual(events.slice(3));
    });

    storeTest("what a step says of itself is told", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([agent("code", order({ until: "go" }))]));
      void rig.work();
      const told = async (): Promise<boolean> =>
        (await rig.events("f")).some(({ type }) => type === "step_progress");
      while (!(await told())) await rig.store.changed(AbortSignal.timeout(5_000));
      rig.touch("go");
      await rig.untilEnded("f");
      expect(await rig.events("f")).toContainEqual(
        expect.objectContaining({ type: "step_progress", key: "code", words: "at code" }),
      );
    });

    storeTest(
      "a step that fails is begun again, later, as often as it may",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const retry = { attempts: 3, baseMs: 1, maxMs: 2 };
        await rig.create(
          "f",
          flow([
            run("third", '[ "$ATTEMPT" = 3 ]', { retry }),
            // Had it failed for good before, the other one would not begin again.
            run("never", "false", { retry, needs: ["third"] }),
          ]),
        );
        void rig.work();
        const { end, tasks } = await rig.untilEnded("f");
        expect(tasks.get("third")).toMatchObject({ status: "done", attempt: 3 });
        expect(tasks.get("never")).toMatchObject({ status: "failed", attempt: 3 });
        expect(end).toMatchObject({ status: "failed", key: "never" });
        expect(rig.journal.filter(({ what }) => what === "begins")).toHaveLength(6);
      },
    );

    storeTest("a failure lets siblings end, and nothing new begins", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create(
        "f",
        flow([
          agent("sibling", order({ until: "go" })),
          run("bad", "false"),
          run("after-sibling", "true", { needs: ["sibling"] }),
        ]),
      );
      void rig.work();
      await rig.untilTask("f", "bad", "failed");
      await rig.untilNoted("sibling", "begins");
      expect((await rig.state("f")).end).toBeNull();
      rig.touch("go");
      const { end, tasks } = await rig.untilEnded("f");
      expect(end).toMatchObject({ status: "failed", key: "bad" });
      expect(tasks.get("sibling")).toMatchObject({ status: "done" });
      expect(tasks.get("after-sibling")).toMatchObject({ status: "skipped" });
    });

    storeTest(
      "a loop that never gets better ends after its last iteration",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const inside = [run("try", "true")];
        await rig.create("f", flow([loop("work", 3, "steps.try.exitCode == 7", inside)]));
        void rig.work();
        const { end } = await rig.untilEnded("f");
        expect(end).toMatchObject({ status: "failed", failure: { code: "loop_exhausted" } });
        expect(rig.journal.filter(({ what }) => what === "begins").map(({ key }) => key)).toEqual([
          "work.1.try",
          "work.2.try",
          "work.3.try",
        ]);
      },
    );

    storeTest("a list of nothing is done at once", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([forEach("each", "inputs.list", [run("one", "true")])]), {
        list: [],
      });
      void rig.work();
      expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      expect(rig.journal).toEqual([]);
    });

    storeTest(
      "an agent's step has a run id of its own, the same for the same attempt",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create(
          "f",
          flow([loop("work", 2, "iteration == 2", [agent("code", order({}))])]),
        );
        void rig.work();
        await rig.untilEnded("f");
        const begun = rig.journal.filter(({ what }) => what === "begins");
        expect(begun.map(({ runId }) => runId)).toEqual(["f.code.1.1", "f.code.2.1"]);
      },
    );

    storeTest(
      "an exception in a step is that step's failure, and others go on",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create("f", flow([run("one", "true")]));
        await rig.create("g", flow([run("two", "true")]));
        void rig.work({}, async ({ key }) => {
          if (key === "one") throw new Error("boom");
          return { end: "done", output: {}, usage: null };
        });
        expect((await rig.untilEnded("f")).end).toMatchObject({
          status: "failed",
          failure: { code: "internal", message: expect.stringContaining("boom") },
        });
        expect((await rig.untilEnded("g")).end).toEqual({ status: "complete" });
      },
    );

    storeTest(
      "a step that ends as canceled though nobody wanted that has failed",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create("f", flow([agent("code", order({}))]));
        void rig.work({}, async () => ({ end: "canceled" }));
        expect((await rig.untilEnded("f")).end).toMatchObject({
          status: "failed",
          failure: { code: "canceled" },
        });
      },
    );

    storeTest(
      "the same request twice is one flow run, another one with its id is refused",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const asked = request("f", flow([run("one", "true")]), rig.folder);
        expect(valueOf(await rig.store.create(asked))).toBe("created");
        const again = { ...asked, createdAt: "2030-01-01T00:00:00.000Z" };
        expect(valueOf(await rig.store.create(again))).toBe("exists");
        expect(valueOf(await rig.store.create({ ...asked, author: "bob" }))).toBe("conflict");
      },
    );

    storeTest("what there is not is null", async ({ newRig, expect }) => {
      const { store } = await newRig(kind);
      expect(valueOf(await store.read("f"))).toBeNull();
      expect(valueOf(await store.events("f", 0))).toEqual([]);
      expect(
        valueOf(await store.signal("f", { kind: "cancel", by: "ada", reason: null })),
      ).toBeNull();
    });

    storeTest(
      "the list tells the newest first, by name and by status",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const good = flow([run("one", "true")]);
        await rig.create("f1", good);
        await rig.create("f2", { ...flow([approve("ok", "ok?")]), name: "asks" });
        await rig.create("f3", flow([run("one", "false")]));
        await rig.create("f4", good);
        void rig.work();
        await rig.untilEnded("f1");
        await rig.untilTask("f2", "ok", "waiting");
        await rig.untilEnded("f3");
        await rig.untilEnded("f4");
        const ids = async (filter: object): Promise<readonly string[]> => {
          const all = { name: null, status: null, limit: 10, ...filter };
          return valueOf(await rig.store.list(all)).map(({ flowRunId }) => flowRunId);
        };
        expect(await ids({})).toEqual(["f4", "f3", "f2", "f1"]);
        expect(await ids({ limit: 2 })).toEqual(["f4", "f3"]);
        expect(await ids({ name: "asks" })).toEqual(["f2"]);
        expect(await ids({ status: "complete" })).toEqual(["f4", "f1"]);
        expect(await ids({ status: "waiting" })).toEqual(["f2"]);
        expect(await ids({ name: "test", status: "failed" })).toEqual(["f3"]);
        const [newest] = valueOf(await rig.store.list({ name: null, status: null, limit: 1 }));
        expect(newest).toMatchObject({ name: "test", author: "ada", endedAt: expect.any(String) });
      },
    );

    storeTest("old flow runs that have ended can be removed", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("ended", flow([run("one", "true")]));
      await rig.create("waits", flow([approve("ok", "ok?")]));
      void rig.work();
      await rig.untilEnded("ended");
      await rig.untilTask("waits", "ok", "waiting");
      const later = Date.now() + 1_000;
      expect(valueOf(await rig.store.prune(0, false))).toEqual([]);
      expect(valueOf(await rig.store.prune(later, true))).toEqual(["ended"]);
      expect(valueOf(await rig.store.read("ended"))).not.toBeNull();
      expect(valueOf(await rig.store.prune(later, false))).toEqual(["ended"]);
      expect(valueOf(await rig.store.read("ended"))).toBeNull();
      expect(valueOf(await rig.store.events("ended", 0))).toEqual([]);
      expect(valueOf(await rig.store.read("waits"))).not.toBeNull();
    });
  });
}
