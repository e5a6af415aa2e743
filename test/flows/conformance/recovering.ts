import { describe } from "vitest";
import { quickPace } from "./pace.ts";
import { agent, approve, flow, order, run, waitsFor } from "./flows.ts";
import { storeTest } from "./store-test.ts";
import type { StoreRig } from "./rig.ts";
import type { StoreKind } from "./store-kind.ts";

/** The attempts of a step that have begun, in order. */
function attemptsOf(rig: StoreRig, key: string): readonly number[] {
  return rig.journal
    .filter((line) => line.key === key && line.what === "begins")
    .map(({ attempt }) => attempt);
}

/** Workers that die, stop and leave. */
export function describeRecovering(kind: StoreKind): void {
  describe(`${kind.name}: recovering`, () => {
    storeTest(
      "a killed worker's step is taken over by another, finished ones stay",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind, quickPace);
        await rig.create(
          "f",
          flow([run("one", "true"), agent("two", order({ until: "go" }), { needs: ["one"] })]),
        );
        const first = rig.startWorker();
        await rig.untilNoted("two", "begins");
        rig.startWorker();
        first.child.kill("SIGKILL");
        await rig.untilNoted("two", "begins", 2);
        rig.touch("go");
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
        expect(attemptsOf(rig, "one")).toEqual([1]);
        expect(attemptsOf(rig, "two")).toEqual([1, 1]);
        const runIds = rig.journal.filter(({ key }) => key === "two").map(({ runId }) => runId);
        expect(new Set(runIds)).toEqual(new Set(["f.two.1.1"]));
        expect(await rig.events("f")).toContainEqual(
          expect.objectContaining({ type: "step_recovered", key: "two", choice: "rerun" }),
        );
      },
    );

    storeTest("the count of attempts survives a kill", async ({ newRig, expect }) => {
      const rig = await newRig(kind, quickPace);
      const retry = { attempts: 3, baseMs: 1, maxMs: 2 };
      const command = `[ "$ATTEMPT" = 2 ] && ${waitsFor("go")}; false`;
      await rig.create("f", flow([run("bad", command, { retry })]));
      const first = rig.startWorker();
      await rig.untilNoted("bad", "begins", 2);
      first.child.kill("SIGKILL");
      rig.startWorker();
      await rig.untilNoted("bad", "begins", 3);
      rig.touch("go");
      expect((await rig.untilEnded("f")).end).toMatchObject({ status: "failed", key: "bad" });
      expect(attemptsOf(rig, "bad")).toEqual([1, 2, 2, 3]);
    });

    storeTest(
      "a step whose file says so is not begun again by itself after a crash",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind, quickPace);
        const recovery = "ask";
        await rig.create(
          "f",
          flow([
            run("again", `${waitsFor("go")}; echo done`, { recovery }),
            run("without", waitsFor("never"), { recovery }),
            run("after", "true", { needs: ["without"] }),
          ]),
        );
        const first = rig.startWorker();
        await rig.untilNoted("again", "begins");
        await rig.untilNoted("without", "begins");
        first.child.kill("SIGKILL");
        void rig.work();
        await rig.untilTask("f", "again", "undecided");
        await rig.untilTask("f", "without", "undecided");
        expect(attemptsOf(rig, "again")).toEqual([1]);
        rig.touch("go");
        const rerun = { kind: "recover", key: "again", choice: "rerun" } as const;
        expect(await rig.signal("f", rerun)).toEqual({ kind: "taken" });
        const skip = { kind: "recover", key: "without", choice: "skip" } as const;
        expect(await rig.signal("f", skip)).toEqual({ kind: "taken" });
        const { end, tasks } = await rig.untilEnded("f");
        expect(end).toEqual({ status: "complete" });
        expect(tasks.get("again")).toMatchObject({ status: "done", output: { stdout: "done" } });
        expect(tasks.get("without")).toMatchObject({ status: "skipped" });
        expect(tasks.get("after")).toMatchObject({ status: "done" });
      },
    );

    storeTest(
      "a worker that was stopped for too long has lost its step, and hears of it",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind, quickPace);
        await rig.create("f", flow([agent("long", order({ until: "go" }))]));
        const stopped = rig.startWorker();
        await rig.untilNoted("long", "begins");
        await rig.suspend(stopped, "f");
        const other = rig.startWorker();
        await rig.untilNoted("long", "begins", 2);
        stopped.child.kill("SIGCONT");
        await rig.untilNoted("long", "stops");
        const stop = rig.journal.find(({ what }) => what === "stops");
        expect(stop).toMatchObject({ pid: stopped.child.pid, why: "lost" });
        rig.touch("go");
        expect((await rig.untilEnded("f")).tasks.get("long")).toMatchObject({
          status: "done",
          output: { pid: other.child.pid },
        });
      },
    );

    storeTest(
      "the end that a stopped worker comes with too late is refused",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind, quickPace);
        await rig.create("f", flow([run("long", `${waitsFor("go")}; echo $$`)]));
        const stopped = rig.startWorker();
        await rig.untilNoted("long", "begins");
        await rig.suspend(stopped, "f");
        const other = rig.startWorker();
        await rig.untilNoted("long", "begins", 2);
        rig.touch("go");
        const before = await rig.untilEnded("f");
        expect(before.tasks.get("long")).toMatchObject({ output: { pid: other.child.pid } });
        const events = await rig.events("f");
        stopped.child.kill("SIGCONT");
        stopped.child.kill("SIGTERM");
        expect(await stopped.end).toMatchObject({ stdout: "signal\n" });
        expect(await rig.state("f")).toEqual(before);
        expect(await rig.events("f")).toEqual(events);
      },
    );

    storeTest("a worker that leaves hands back what it is at", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create(
        "f",
        flow([
          agent("code", order({ until: "go" })),
          run("command", waitsFor("go")),
          run("asks", waitsFor("go"), { recovery: "ask" }),
        ]),
      );
      const first = rig.startWorker();
      for (const key of ["code", "command", "asks"]) await rig.untilNoted(key, "begins");
      first.child.kill("SIGTERM");
      expect((await first.end).stdout).toBe("signal\n");
      const stops = rig.journal.filter(({ what }) => what === "stops");
      expect(stops.map(({ why }) => why)).toEqual(["leaving", "leaving", "leaving"]);
      expect((await rig.task("f", "code")).status).toBe("ready");
      expect((await rig.task("f", "command")).status).toBe("ready");
      expect((await rig.task("f", "asks")).status).toBe("undecided");
      rig.touch("go");
      await rig.signal("f", { kind: "recover", key: "asks", choice: "rerun" });
      void rig.work();
      expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      for (const key of ["code", "command", "asks"]) expect(attemptsOf(rig, key)).toEqual([1, 1]);
    });

    storeTest(
      "all workers die: the flow run goes on with the next one",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind, quickPace);
        await rig.create(
          "f",
          flow([agent("a", order({ until: "go" })), agent("b", order({ until: "go" }))]),
        );
        const limits = { steps: 1, agents: {}, groups: {} };
        const workers = [rig.startWorker({ limits }), rig.startWorker({ limits })];
        await rig.untilNoted("a", "begins");
        for (const { child } of workers) child.kill("SIGKILL");
        rig.touch("go");
        rig.startWorker({ limits });
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      },
    );

    storeTest(
      "it is known whether a worker is alive that takes anything, or this one",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const hasWorker = async (flowRunId: string | null): Promise<boolean> => {
          const answer = await rig.store.hasWorker(flowRunId);
          return answer.ok && answer.value;
        };
        expect(await hasWorker("f")).toBe(false);
        await rig.create("f", flow([approve("ok", "ok?")]));
        rig.startWorker({ only: "f" });
        await rig.untilTask("f", "ok", "waiting");
        expect(await hasWorker("f")).toBe(true);
        expect(await hasWorker("g")).toBe(false);
        expect(await hasWorker(null)).toBe(false);
        const any = rig.startWorker();
        await rig.create("g", flow([run("one", "true")]));
        await rig.untilEnded("g");
        expect(await hasWorker("g")).toBe(true);
        expect(await hasWorker(null)).toBe(true);
        any.child.kill("SIGKILL");
        await any.end;
        expect(await hasWorker(null)).toBe(false);
      },
    );

    storeTest(
      "a worker for one flow run ends with it, and takes nothing else",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create("other", flow([run("one", "true")]));
        await rig.create(
          "mine",
          flow([run("one", "true"), run("two", "true", { needs: ["one"] })]),
        );
        expect(await rig.work({ only: "mine" })).toEqual({ ok: true, value: "flow_ended" });
        expect((await rig.state("mine")).end).toEqual({ status: "complete" });
        expect((await rig.task("other", "one")).status).toBe("ready");
        expect(await rig.work({ only: "mine" })).toEqual({ ok: true, value: "flow_ended" });
        expect(await rig.work({ only: "none" })).toEqual({ ok: true, value: "flow_ended" });
      },
    );

    storeTest(
      "a worker leaves when there is nothing to do, but not before a retry is due",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const retry = { attempts: 2, baseMs: 1_000, maxMs: 1_000 };
        await rig.create("f", flow([run("again", '[ "$ATTEMPT" = 2 ]', { retry })]));
        await rig.create("g", flow([approve("ok", "ok?")]));
        expect(await rig.work({ idleMs: 50 })).toEqual({ ok: true, value: "idle" });
        expect((await rig.state("f")).end).toEqual({ status: "complete" });
        expect((await rig.task("g", "ok")).status).toBe("waiting");
      },
    );
  });
}
