import { mkdirSync } from "node:fs";
import { describe } from "vitest";
import { agent, flow, forEach, order, request, run } from "../flows/conformance/flows.ts";
import { quickPace } from "../flows/conformance/pace.ts";
import type { StoreRig, WorkerProcess } from "../flows/conformance/rig.ts";
import { noLimits, valueOf } from "../flows/conformance/rig.ts";
import { storeTest } from "../flows/conformance/store-test.ts";
import { carryOut } from "../flows/conformance/steered-steps.ts";
import { until } from "../rig/until.ts";
import { untilAsync } from "./until-async.ts";
import { addressOf, holdPen, openWith, postgres, query } from "./postgres-kind.ts";

function begunIn(rig: StoreRig): readonly string[] {
  return rig.journal.filter(({ what }) => what === "begins").map(({ key }) => key);
}

async function count(rig: StoreRig, from: string): Promise<number> {
  const [row] = await query(addressOf(rig.place), `SELECT count(*)::integer AS count FROM ${from}`);
  return Number(row?.["count"]);
}

describe("a worker that was killed", () => {
  storeTest(
    "after its step had ended, before its flow run knew: the step is not done again",
    async ({ newRig, expect }) => {
      const rig = await newRig(postgres, quickPace);
      await rig.create("f", flow([agent("code", order({ until: "go", data: { x: 1 } }))]));
      const first = rig.startWorker();
      await rig.untilNoted("code", "begins");
      const letGo = await holdPen(addressOf(rig.place));
      rig.touch("go");
      await untilAsync(
        async () => (await count(rig, "delegate_dbos.operation_outputs")) === 1,
        "what DBOS keeps",
      );
      expect((await rig.task("f", "code")).status).toBe("running");
      first.child.kill("SIGKILL");
      await first.end;
      await letGo();
      void rig.work();
      const { end, tasks } = await rig.untilEnded("f");
      expect(end).toEqual({ status: "complete" });
      expect(tasks.get("code")).toMatchObject({
        status: "done",
        output: { data: { x: 1 }, pid: first.child.pid },
      });
      expect(begunIn(rig)).toEqual(["code"]);
    },
  );

  storeTest("before DBOS knew of its step: another takes it up", async ({ newRig, expect }) => {
    const rig = await newRig(postgres, quickPace);
    await rig.create("f", flow([agent("code", order({ until: "go" }))]));
    const first = rig.startWorker();
    await rig.untilNoted("code", "begins");
    first.child.kill("SIGKILL");
    await first.end;
    await query(addressOf(rig.place), "DELETE FROM delegate_dbos.workflow_status");
    rig.touch("go");
    void rig.work();
    expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
    expect(begunIn(rig)).toEqual(["code", "code"]);
  });

  storeTest(
    "on another machine: its connection tells, and its silence",
    async ({ newRig, expect }) => {
      const rig = await newRig(postgres, quickPace);
      await rig.create("f", flow([agent("code", order({ until: "go" }))]));
      const first = rig.startWorker();
      await rig.untilNoted("code", "begins");
      await query(addressOf(rig.place), "UPDATE delegate.worker SET host = 'elsewhere'");
      first.child.kill("SIGKILL");
      await first.end;
      void rig.work();
      await rig.untilNoted("code", "begins", 2);
      rig.touch("go");
      expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
    },
  );

  storeTest("leaves nothing behind that others go on looking at", async ({ newRig, expect }) => {
    const rig = await newRig(postgres, quickPace);
    await rig.create("f", flow([agent("code", order({ until: "go" }))]));
    const first = rig.startWorker();
    await rig.untilNoted("code", "begins");
    first.child.kill("SIGKILL");
    rig.touch("go");
    void rig.work();
    await rig.untilEnded("f");
    await untilAsync(async () => (await count(rig, "delegate.worker")) === 1, "one worker left");
    const open = "delegate_dbos.workflow_status WHERE status NOT IN ('SUCCESS')";
    await untilAsync(async () => (await count(rig, open)) === 0, "no open execution");
    expect(await count(rig, "delegate_dbos.workflow_status")).toBe(2);
  });
});

describe("a worker that stood still", () => {
  storeTest("and was given up works on as a new one", async ({ newRig, expect }) => {
    const rig = await newRig(postgres, quickPace);
    await rig.create("f", flow([agent("code", order({ until: "go" }))]));
    const stopped = rig.startWorker();
    await rig.untilNoted("code", "begins");
    await rig.suspend(stopped, "f");
    const other = rig.startWorker();
    await rig.untilNoted("code", "begins", 2);
    stopped.child.kill("SIGCONT");
    await rig.untilNoted("code", "stops");
    rig.touch("go");
    await rig.untilEnded("f");
    other.child.kill("SIGTERM");
    await other.end;
    await rig.create("g", flow([agent("more", order({}))]));
    const { tasks } = await rig.untilEnded("g");
    expect(tasks.get("more")).toMatchObject({ output: { pid: stopped.child.pid } });
    stopped.child.kill("SIGTERM");
    expect(await stopped.end).toEqual({
      stdout: "signal\n",
      stderr: expect.stringMatching(
        /^(this worker did not show signs of life for too long: [^\n]+\n)+$/,
      ),
    });
  });
});

describe("several workers", () => {
  storeTest("share what there is to do", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    const list = Array.from({ length: 24 }, (_, index) => index);
    const steps = [agent("one", order({ until: "go" }))];
    await rig.create("f", flow([forEach("each", "inputs.list", steps)]), { list });
    const begunBy = ({ child }: WorkerProcess): number =>
      rig.journal.filter(({ what, pid }) => what === "begins" && pid === child.pid).length;
    const first = rig.startWorker({ limits: { steps: 2, agents: {}, groups: {} } });
    await until(() => begunBy(first) === 2, "as many as the first may");
    const second = rig.startWorker({ limits: { steps: 4, agents: {}, groups: {} } });
    await until(() => begunBy(second) === 2, "the rest");
    rig.touch("go");
    expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
    expect(begunBy(first) + begunBy(second)).toBe(24);
  });

  storeTest("take only what their agents can do", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    await rig.create(
      "f",
      flow([agent("code", order({})), agent("review", order({}), { agent: "reviewer" })]),
    );
    const store = valueOf(await openWith(addressOf(rig.place), { agents: new Set(["auditor"]) }));
    const leaving = new AbortController();
    const { signal } = leaving;
    const options = { signal, only: null, limits: noLimits, idleMs: null, warn: () => undefined };
    const working = store.work(carryOut, options);
    await rig.untilTask("f", "review", "done");
    expect((await rig.task("f", "code")).status).toBe("ready");
    leaving.abort();
    expect(await working).toEqual({ ok: true, value: "signal" });
    await store.close();
    void rig.work();
    expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
  });
});

describe("a command whose folder is on another machine", () => {
  storeTest("is left to the workers there", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    const folder = `${rig.folder}/project`;
    const one = flow([run("one", "true")]);
    valueOf(await rig.store.create(request("elsewhere", one, folder)));
    void rig.work();
    await rig.create("here", one);
    await rig.untilEnded("here");
    expect((await rig.task("elsewhere", "one")).status).toBe("ready");
    mkdirSync(folder);
    await rig.create("more", one);
    expect((await rig.untilEnded("elsewhere")).end).toEqual({ status: "complete" });
  });
});

describe("a server whose clock was set back", () => {
  storeTest("does not keep steps that may begin at once", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    const retry = { attempts: 2, baseMs: 600_000, maxMs: 600_000 };
    await rig.create("f", flow([run("bad", "false", { retry }), run("one", "true")]));
    await query(addressOf(rig.place), "UPDATE delegate.task SET due_at_ms = due_at_ms + 3600000");
    void rig.work();
    await rig.untilTask("f", "one", "done");
    await rig.untilNoted("bad", "ends");
    await rig.create("g", flow([run("one", "true")]));
    await rig.untilEnded("g");
    expect(begunIn(rig).toSorted()).toEqual(["bad", "one", "one"]);
    expect(await rig.task("f", "bad")).toMatchObject({ status: "ready", attempt: 2 });
  });
});

describe("what a step leaves", () => {
  storeTest("is kept whatever text it is", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    const data = { nul: "a\0b", half: "\ud800", other: "\udfff\ud800", "\0": "ü 🔧 \\u0000" };
    await rig.create("f", flow([agent("code", order({ data }))]));
    void rig.work();
    const { tasks } = await rig.untilEnded("f");
    expect(tasks.get("code")).toMatchObject({ status: "done", output: { data } });
  });

  storeTest(
    "is forgotten by DBOS as well when its flow run is removed",
    async ({ newRig, expect }) => {
      const rig = await newRig(postgres);
      const retry = { attempts: 3, baseMs: 1, maxMs: 2 };
      await rig.create("f_g", flow([run("bad", "false", { retry })]));
      await rig.create("fxg", flow([run("one", "true")]));
      void rig.work();
      await rig.untilEnded("f_g");
      await rig.untilEnded("fxg");
      await query(
        addressOf(rig.place),
        "UPDATE delegate.flow SET ended_at = '2000' WHERE id = 'f_g'",
      );
      const before = Date.parse("2001-01-01");
      expect(valueOf(await rig.store.prune(before, false))).toEqual(["f_g"]);
      expect(
        await query(
          addressOf(rig.place),
          "SELECT workflow_uuid FROM delegate_dbos.workflow_status",
        ),
      ).toEqual([{ workflow_uuid: "fxg/one#1" }]);
      expect(await count(rig, "delegate_dbos.operation_outputs")).toBe(1);
    },
  );
});
