import { describe, expect as check } from "vitest";
import { openDatabase } from "../../src/flows/store/postgres/open-database.ts";
import { PostgresTrouble } from "../../src/flows/store/postgres/trouble.ts";
import { agent, approve, flow, order, request, run } from "../flows/conformance/flows.ts";
import { hastyPace } from "../flows/conformance/pace.ts";
import { noLimits, valueOf } from "../flows/conformance/rig.ts";
import { carryOut } from "../flows/conformance/steered-steps.ts";
import type { StoreKind } from "../flows/conformance/store-kind.ts";
import { storeTest } from "../flows/conformance/store-test.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { until } from "../rig/until.ts";
import { DeafProxy } from "./deaf-proxy.ts";
import { ownServer } from "./own-server.ts";
import { addressOf, holdPen, openWith, postgres, query } from "./postgres-kind.ts";
import { untilAsync } from "./until-async.ts";

const server = ownServer();

/** Its commands say soon that nobody is there. */
const impatient: StoreKind = {
  ...postgres,
  open: (database, pace) => openWith(addressOf(database), { pace, patienceMs: 1_000 }),
};

const cancel = { kind: "cancel", by: "ada", reason: null } as const;
const chain = flow([
  run("before", "true"),
  agent("code", order({ until: "go" }), { needs: ["before"] }),
  run("after", "true", { needs: ["code"] }),
]);
const isUnusable = {
  ok: false,
  failure: {
    code: "storage_failed",
    message: check.stringContaining("the Postgres of the tests can't be used: "),
    hint: check.stringMatching(/^[^\n]+$/),
  },
};

describe("the server", () => {
  for (const how of ["fast", "immediate"] as const)
    storeTest(
      `is stopped (${how}) and started while a worker is at it: nothing is done twice`,
      async ({ newRig, expect }) => {
        const rig = await newRig(impatient, hastyPace);
        await rig.create("f", chain);
        const { child, end } = rig.startWorker();
        await rig.untilNoted("code", "begins");
        await server().pause(how);
        expect(await rig.store.read("f")).toMatchObject(isUnusable);
        expect(await rig.store.signal("f", cancel)).toMatchObject(isUnusable);
        // The agent is done while nobody can be told.
        rig.touch("go");
        await rig.untilNoted("code", "ends");
        await server().resume();
        expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
        const begun = rig.journal.filter(({ what }) => what === "begins");
        expect(begun.map(({ key }) => key)).toEqual(["before", "code", "after"]);
        child.kill("SIGTERM");
        const { stdout, stderr } = await end;
        expect(stdout).toBe("signal\n");
        expect(stderr).toMatch(/^(the Postgres of the tests can't be used: [^\n]+; trying on\n)+$/);
      },
    );

  storeTest(
    "stays away: a worker with nothing at hand says so and ends",
    async ({ newRig, expect }) => {
      const rig = await newRig(impatient, hastyPace);
      await rig.create("f", flow([approve("ok", "ok?")]));
      const working = rig.work();
      await rig.untilTask("f", "ok", "waiting");
      await server().pause();
      try {
        expect(await working).toMatchObject(isUnusable);
      } finally {
        await server().resume();
      }
    },
  );

  storeTest("is not there when it is needed first", async ({ newRig, expect }) => {
    const rig = await newRig(impatient);
    await server().pause();
    try {
      expect(await impatient.open(rig.place, rig.pace)).toMatchObject(isUnusable);
    } finally {
      await server().resume();
    }
  });

  storeTest("cuts all connections: everybody comes back", async ({ newRig, expect }) => {
    const rig = await newRig(impatient);
    await rig.create("f", chain);
    rig.startWorker();
    await rig.untilNoted("code", "begins");
    await query(
      addressOf("postgres"),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${rig.place}'`,
    );
    rig.touch("go");
    await until(() => rig.journal.some(({ key }) => key === "after"), "the step after");
    expect(valueOf(await rig.store.read("f"))).not.toBeNull();
    expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
    expect(rig.journal.filter(({ what }) => what === "begins")).toHaveLength(3);
  });

  storeTest(
    "is kept locked by another process: commands say so, and workers wait",
    async ({ newRig, expect }) => {
      const rig = await newRig(impatient);
      await rig.create("f", flow([run("one", "true")]));
      const letGo = await holdPen(addressOf(rig.place));
      const working = rig.work({ only: "f" });
      const store = valueOf(await openWith(addressOf(rig.place), { patienceMs: 50 }));
      const isLocked = {
        ok: false,
        failure: { message: check.stringContaining("kept it locked") },
      };
      expect(await store.create(request("g", flow([]), rig.folder))).toMatchObject(isLocked);
      expect(await store.signal("f", cancel)).toMatchObject(isLocked);
      expect((await store.read("f")).ok).toBe(true);
      await letGo();
      expect(await working).toEqual({ ok: true, value: "flow_ended" });
      await store.close();
    },
  );

  storeTest(
    "cuts off a process of ours that stands still in the middle of writing",
    async ({ newRig, expect }) => {
      const rig = await newRig(impatient);
      const address = addressOf(rig.place);
      const database = valueOf(await openDatabase({ address, connections: 1, lockMs: 1_000 }));
      const begun = Promise.withResolvers<void>();
      const woken = Promise.withResolvers<void>();
      const standing = database.write(async (transaction) => {
        begun.resolve();
        await woken.promise;
        await transaction.rows("SELECT 1");
      });
      const store = valueOf(await openWith(address, { patienceMs: PATIENCE_MS }));
      await begun.promise;
      expect(await store.create(request("f", flow([]), rig.folder))).toEqual({
        ok: true,
        value: "created",
      });
      woken.resolve();
      await expect(standing).rejects.toThrow(PostgresTrouble);
      await database.close();
      await store.close();
    },
  );
});

describe("a connection that breaks after COMMIT was sent", () => {
  storeTest(
    "a step that was taken up all the same is carried out, once",
    async ({ newRig, expect }) => {
      const rig = await newRig(impatient);
      const proxy = await DeafProxy.start(addressOf(rig.place), "INSERT INTO delegate.task");
      const store = valueOf(await openWith(proxy.address));
      const leaving = new AbortController();
      const options = { only: null, limits: noLimits, idleMs: null, warn: () => undefined };
      const working = store.work(carryOut, { ...options, signal: leaving.signal });
      proxy.lose(3);
      await rig.create(
        "f",
        flow([run("one", "true"), run("two", "true", { needs: ["one"], recovery: "ask" })]),
      );
      expect((await rig.untilEnded("f")).end).toEqual({ status: "complete" });
      await until(() => proxy.lost === 3, "three lost answers");
      const begun = rig.journal.filter(({ what }) => what === "begins");
      expect(begun.map(({ key }) => key)).toEqual(["one", "two"]);
      leaving.abort();
      expect(await working).toEqual({ ok: true, value: "signal" });
      await store.close();
      proxy.close();
    },
  );
});

describe("a connection that breaks after a flow run was made", () => {
  storeTest("does not make it seem as if it was not", async ({ newRig, expect }) => {
    const rig = await newRig(impatient);
    const proxy = await DeafProxy.start(addressOf(rig.place), "INSERT INTO delegate.flow (");
    const store = valueOf(await openWith(proxy.address));
    proxy.lose(1);
    const created = await store.create(request("f", flow([run("one", "true")]), rig.folder));
    expect([created, proxy.lost]).toEqual([{ ok: true, value: "created" }, 1]);
    expect((await rig.task("f", "one")).status).toBe("ready");
    await store.close();
    proxy.close();
  });
});

describe("a way that swallows everything", () => {
  storeTest("costs a worker its steps, and it comes back", async ({ newRig, expect }) => {
    const rig = await newRig(impatient, hastyPace);
    const proxy = await DeafProxy.start(addressOf(rig.place), "");
    const store = valueOf(
      await openWith({ ...proxy.address, silentMs: 3_000 }, { pace: hastyPace }),
    );
    const leaving = new AbortController();
    const options = { only: null, limits: noLimits, idleMs: null, warn: () => undefined };
    await rig.create("f", flow([agent("code", order({ until: "go" }))]));
    const working = store.work(carryOut, { ...options, signal: leaving.signal });
    await rig.untilNoted("code", "begins");
    // It must be there to see the silence, which is over after a while.
    const other = rig.startWorker();
    const workers = "SELECT FROM delegate.worker";
    const areTwo = async (): Promise<boolean> =>
      (await query(addressOf(rig.place), workers)).length === 2;
    await untilAsync(areTwo, "another worker");
    proxy.swallow();
    await rig.untilNoted("code", "begins", 2);
    await rig.untilNoted("code", "stops");
    rig.touch("go");
    expect((await rig.untilEnded("f")).tasks.get("code")).toMatchObject({
      output: { pid: other.child.pid },
    });
    other.child.kill("SIGTERM");
    await other.end;
    await rig.create("g", flow([agent("more", order({}))]));
    const { tasks } = await rig.untilEnded("g");
    expect(tasks.get("more")).toMatchObject({ output: { pid: process.pid } });
    leaving.abort();
    expect(await working).toEqual({ ok: true, value: "signal" });
    await store.close();
    proxy.close();
  });
});
