import { describe } from "vitest";
import type { FlowState } from "../../../src/flows/flow-run.ts";
import type { FlowSignal, SignalReply } from "../../../src/flows/signal.ts";
import type { Escalated } from "../../../src/flows/store.ts";
import type { EscalationRules } from "../../../src/questions/routing.ts";
import { agent, approve, flow, order, run } from "./flows.ts";
import { storeTest } from "./store-test.ts";
import { digestOf } from "./steered-steps.ts";
import type { StoreKind } from "./store-kind.ts";

function decide(key: string, kind: "approved" | "rejected", by = "bob", of = "ok?"): FlowSignal {
  return { kind: "decide", key, decision: { kind, by, note: "because", digest: digestOf(of) } };
}

/** Each is told a moment after the one before. */
function inLine(...escalateTo: readonly string[]): EscalationRules {
  return { ageMinutes: 0.0005, escalateTo };
}

/** Whether both steps have been put to these. */
function haveGoneTo(...names: readonly string[]): (state: FlowState) => boolean {
  return ({ tasks }) =>
    ["ok", "too"].every((key) => {
      const task = tasks.get(key);
      return task?.status === "waiting" && task.asked?.goneTo.join() === names.join();
    });
}

const taken: SignalReply = { kind: "taken" };
const isRefused = { kind: "refused" };

/** What people decide, at all moments. */
export function describeDeciding(kind: StoreKind): void {
  describe(`${kind.name}: deciding`, () => {
    storeTest("an approval lets the flow run go on", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([approve("ok", "ok?"), run("after", "true", { needs: ["ok"] })]));
      void rig.work();
      await rig.untilTask("f", "ok", "waiting");
      expect(await rig.signal("f", decide("ok", "approved"))).toEqual(taken);
      const { end, tasks } = await rig.untilEnded("f");
      expect(end).toEqual({ status: "complete" });
      expect(tasks.get("ok")).toMatchObject({ output: { approved: true, by: "bob" } });
    });

    storeTest("a rejection is a failure with the reason", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([approve("ok", "ok?")]));
      void rig.work();
      await rig.untilTask("f", "ok", "waiting");
      expect(await rig.signal("f", decide("ok", "rejected"))).toEqual(taken);
      expect((await rig.untilEnded("f")).end).toMatchObject({
        status: "failed",
        failure: { code: "rejected", message: "because" },
      });
    });

    storeTest(
      "too early, twice, for the wrong step, for something else, too late",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create(
          "f",
          flow([agent("code", order({ until: "go" })), approve("ok", "ok?", { needs: ["code"] })]),
        );
        expect(await rig.signal("f", decide("ok", "approved"))).toMatchObject(isRefused);
        void rig.work();
        await rig.untilNoted("code", "begins");
        expect(await rig.signal("f", decide("ok", "approved"))).toMatchObject(isRefused);
        rig.touch("go");
        await rig.untilTask("f", "ok", "waiting");
        expect(await rig.signal("f", decide("code", "approved"))).toMatchObject(isRefused);
        expect(await rig.signal("f", decide("ok", "approved", "bob", "else"))).toMatchObject(
          isRefused,
        );
        expect(await rig.signal("f", decide("ok", "approved"))).toEqual(taken);
        await rig.untilEnded("f");
        expect(await rig.signal("f", decide("ok", "approved"))).toMatchObject({ kind: "already" });
        expect(await rig.signal("f", decide("ok", "rejected"))).toMatchObject(isRefused);
      },
    );

    storeTest(
      "who has started it may not approve where somebody else has to",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create("f", flow([approve("ok", "ok?", { requiredApprovers: ["bob"] })]));
        void rig.work();
        await rig.untilTask("f", "ok", "waiting");
        for (const by of ["ada", "eve"])
          expect(await rig.signal("f", decide("ok", "approved", by))).toMatchObject(isRefused);
        expect(await rig.signal("f", decide("ok", "approved", "bob"))).toEqual(taken);
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      },
    );

    storeTest(
      "a decision that nobody is there to carry out is kept",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        await rig.create("f", flow([approve("ok", "ok?")]));
        expect(await rig.work({ idleMs: 0 })).toEqual({ ok: true, value: "idle" });
        expect(await rig.signal("f", decide("ok", "approved"))).toEqual(taken);
        void rig.work();
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      },
    );

    storeTest("what is not decided in time fails", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create("f", flow([approve("ok", "ok?", { timeoutMs: 50 })]));
      void rig.work();
      const { end } = await rig.untilEnded("f");
      expect(end).toMatchObject({ status: "failed", key: "ok" });
      expect(await rig.signal("f", decide("ok", "approved"))).toMatchObject(isRefused);
    });

    storeTest(
      "what nobody decides goes to the next in line, once to each, whichever worker is there",
      async ({ newRig, expect }) => {
        const rig = await newRig(kind);
        const steps = [approve("ok", "ok?", { requiredApprovers: ["bob"] }), approve("too", "ok?")];
        await rig.create("f", flow(steps));
        const leaving = new AbortController();
        const told: Escalated[] = [];
        const first = rig.work({
          signal: leaving.signal,
          escalation: { rules: inLine("anna"), tell: (each) => told.push(each) },
        });
        await rig.until("f", "anna", haveGoneTo("anna"));
        leaving.abort();
        await first;
        rig.startWorker({ escalation: inLine("anna", "eve", "tom") });
        await rig.until("f", "all of them", haveGoneTo("anna", "eve", "tom"));
        expect(told).toEqual(
          expect.arrayContaining(["ok", "too"].map((key) => ({ flowRunId: "f", key, to: "anna" }))),
        );
        const events = await rig.events("f");
        const escalated = events.flatMap((event) =>
          event.type === "step_escalated" && event.key === "ok" ? [event.to] : [],
        );
        expect(escalated).toEqual(["anna", "eve", "tom"]);
        // Who is told may not decide for that.
        expect(await rig.signal("f", decide("ok", "approved", "eve"))).toMatchObject(isRefused);
        for (const key of ["ok", "too"])
          expect(await rig.signal("f", decide(key, "approved"))).toEqual(taken);
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      },
    );

    storeTest("many flow runs wait, and one goes on", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      for (let number = 1; number <= 50; number += 1)
        await rig.create(`f${number}`, flow([approve("ok", "ok?")]));
      rig.startWorker();
      for (let number = 1; number <= 50; number += 1)
        await rig.untilTask(`f${number}`, "ok", "waiting");
      expect(await rig.signal("f25", decide("ok", "approved"))).toEqual(taken);
      expect((await rig.untilEnded("f25")).end).toEqual({ status: "complete" });
      expect((await rig.state("f26")).end).toBeNull();
    });

    storeTest("a step and what came from it is done again", async ({ newRig, expect }) => {
      const rig = await newRig(kind);
      await rig.create(
        "f",
        flow([
          run("one", "true"),
          run("two", "[ -e go ]", { needs: ["one"] }),
          run("three", "true", { needs: ["two"] }),
        ]),
      );
      void rig.work();
      expect((await rig.untilEnded("f")).end).toMatchObject({ status: "failed", key: "two" });
      rig.touch("go");
      expect(await rig.signal("f", { kind: "retry_from", key: "two" })).toEqual(taken);
      expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      const begun = rig.journal.filter(({ what }) => what === "begins");
      expect(begun.map(({ key, attempt }) => `${key} ${attempt}`)).toEqual([
        "one 1",
        "two 1",
        "two 2",
        "three 1",
      ]);
    });
  });
}
