import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect as check } from "vitest";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import type { FlowStore } from "../../../src/flows/store.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import type { Result } from "../../../src/failure.ts";
import { fill, mountSmallDisk } from "../../rig/small-disk.ts";
import { agent, approve, flow, order, request, run } from "../conformance/flows.ts";
import { sqlite } from "../conformance/kinds.ts";
import { until } from "../../rig/until.ts";
import { noLimits, valueOf } from "../conformance/rig.ts";
import { storeTest } from "../conformance/store-test.ts";
import { carryOut } from "../conformance/steered-steps.ts";

const cancel = { kind: "cancel", by: "ada", reason: null } as const;

/** With little patience, unless it is said. */
function open(path: string, patienceMs = 300): Result<FlowStore> {
  const pace = { beatMs: 300, patienceMs, warnAfterMs: 0, leaveMs: 5_000 };
  return openSqliteStore({ path, loadEvaluator: async () => createEvaluator(), busyMs: 50, pace });
}

/** A failure as a person reads it: a line of what, and a line of what to do. */
function storageFailure(words: string): object {
  const message = check.stringMatching(new RegExp(`^/[^\\n]*${words}[^\\n]*$`));
  const hint = check.stringMatching(/^[^\n]+$/);
  return { ok: false, failure: { code: "storage_failed", message, hint } };
}

describe("the file", () => {
  storeTest(
    "is for its owner alone, and so is all that SQLite puts beside it",
    async ({ newRig, expect }) => {
      const { place } = await newRig(sqlite);
      const folder = dirname(place);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      const modes = readdirSync(folder).map((name) => statSync(`${folder}/${name}`).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600, 0o600, 0o600]);
    },
  );

  storeTest("of a newer version is left alone", async ({ newRig, expect }) => {
    const { place, store } = await newRig(sqlite);
    await store.close();
    const database = new DatabaseSync(place);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(open(place)).toMatchObject(storageFailure("newer delegate"));
  });

  storeTest("that is no SQLite file", async ({ newRig, expect }) => {
    const { folder } = await newRig(sqlite);
    writeFileSync(`${folder}/garbage`, "x".repeat(10_000));
    expect(open(`${folder}/garbage`)).toMatchObject(storageFailure("damaged"));
  });

  storeTest("of somebody else", async ({ newRig, expect }) => {
    const { folder } = await newRig(sqlite);
    const database = new DatabaseSync(`${folder}/theirs`);
    database.exec("CREATE TABLE flow (id)");
    database.close();
    expect(open(`${folder}/theirs`)).toMatchObject(storageFailure("not one of delegate's"));
  });

  storeTest("that is damaged in the middle", async ({ newRig, expect }) => {
    const { place, store, folder } = await newRig(sqlite);
    for (let number = 1; number <= 50; number += 1)
      valueOf(await store.create(request(`f${number}`, flow([run("one", "true")]), folder)));
    await store.close();
    const { size } = statSync(place);
    spawnSync("dd", [
      "if=/dev/zero",
      `of=${place}`,
      "bs=4096",
      "seek=3",
      "conv=notrunc",
      `count=${size / 4096 - 3}`,
    ]);
    const opened = open(place);
    const answers = opened.ok
      ? [
          await opened.value.read("f1"),
          await opened.value.signal("f1", cancel),
          await opened.value.work(carryOut, {
            signal: AbortSignal.timeout(5_000),
            only: null,
            limits: noLimits,
            idleMs: 0,
            warn: () => undefined,
          }),
        ]
      : [opened];
    for (const answer of answers) expect(answer).toMatchObject(storageFailure("damaged"));
    if (opened.ok) await opened.value.close();
  });

  storeTest("where a folder is, or below a file", async ({ newRig, expect }) => {
    const { folder, place } = await newRig(sqlite);
    mkdirSync(`${folder}/folder`);
    expect(open(`${folder}/folder`)).toMatchObject(storageFailure(""));
    expect(open(`${place}/below/flows.sqlite`)).toMatchObject(storageFailure("not a folder"));
  });

  storeTest(
    "becomes smaller when many flow runs are removed, however many at once",
    async ({ newRig, expect }) => {
      const { place, store, folder } = await newRig(sqlite);
      const large = flow([run("one", `true # ${"x".repeat(2_000)}`)]);
      const ids = Array.from({ length: 250 }, (_, index) => `f${index}`);
      for (const id of ids) {
        valueOf(await store.create(request(id, large, folder)));
        valueOf(await store.signal(id, cancel));
      }
      const checkpoint = (): number => {
        const database = new DatabaseSync(place);
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        database.close();
        return statSync(place).size;
      };
      const before = checkpoint();
      const removed = valueOf(await store.prune(Date.now() + 1_000, false));
      expect(removed.toSorted()).toEqual(ids.toSorted());
      expect(checkpoint()).toBeLessThan(before / 5);
    },
  );

  storeTest(
    "has a log that becomes small again after somebody has read for long",
    async ({ newRig, expect }) => {
      const { place, store, folder } = await newRig(sqlite);
      const large = flow([run("one", `true # ${"x".repeat(500_000)}`)]);
      const createAll = async (from: number, to: number): Promise<number> => {
        for (let number = from; number < to; number += 1)
          valueOf(await store.create(request(`f${number}`, large, folder)));
        return statSync(`${place}-wal`).size;
      };
      const reader = new DatabaseSync(place);
      reader.exec("BEGIN; SELECT count(*) FROM flow");
      expect(await createAll(0, 20)).toBeGreaterThan(16 * 1024 ** 2);
      reader.exec("COMMIT");
      reader.close();
      expect(await createAll(20, 22)).toBeLessThan(9 * 1024 ** 2);
    },
  );

  storeTest("that a newer version takes over under a worker", async ({ newRig, expect }) => {
    const rig = await newRig(sqlite);
    await rig.create("f", flow([agent("code", order({ until: "never" }))]));
    const working = rig.work();
    await rig.untilNoted("code", "begins");
    const newer = new DatabaseSync(rig.place);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    expect(await working).toMatchObject(storageFailure("newer delegate"));
    expect(rig.journal.at(-1)).toMatchObject({ what: "stops", why: "leaving" });
  });

  storeTest("that is deleted under a worker", async ({ newRig, expect }) => {
    const rig = await newRig(sqlite);
    await rig.create("f", flow([agent("code", order({ until: "never" }))]));
    const working = rig.work();
    await rig.untilNoted("code", "begins");
    renameSync(dirname(rig.place), `${rig.folder}/elsewhere`);
    expect(await working).toMatchObject(storageFailure("deleted or replaced"));
    expect(rig.journal.at(-1)).toMatchObject({ what: "stops", why: "leaving" });
  });
});

describe("locks", () => {
  storeTest(
    "that others keep: commands say so, and reading goes on",
    async ({ newRig, expect }) => {
      const rig = await newRig(sqlite);
      await rig.create("f", flow([approve("ok", "ok?")]));
      const store = valueOf(open(rig.place));
      const other = new DatabaseSync(rig.place);
      other.exec("BEGIN IMMEDIATE");
      expect(await store.signal("f", cancel)).toMatchObject(storageFailure("locked"));
      expect(await store.create(request("g", flow([]), rig.folder))).toMatchObject(
        storageFailure("locked"),
      );
      expect((await store.read("f")).ok).toBe(true);
      other.exec("COMMIT");
      other.close();
      expect(await store.signal("f", cancel)).toEqual({ ok: true, value: { kind: "taken" } });
      await store.close();
    },
  );

  storeTest("a worker waits them out, and no end of a step is lost", async ({ newRig, expect }) => {
    const rig = await newRig(sqlite);
    await rig.create(
      "f",
      flow([agent("code", order({ until: "go" })), run("after", "true", { needs: ["code"] })]),
    );
    const warnings: string[] = [];
    const store = valueOf(open(rig.place, 60_000));
    const { signal } = new AbortController();
    const warn = (message: string): void => void warnings.push(message);
    const options = { signal, only: "f", limits: noLimits, idleMs: null, warn };
    const working = store.work(carryOut, options);
    await rig.untilNoted("code", "begins");
    const other = new DatabaseSync(rig.place);
    other.exec("BEGIN IMMEDIATE");
    rig.touch("go");
    await until(() => warnings.length > 0, "a warning");
    expect(warnings).toEqual([check.stringContaining("locked; trying on")]);
    other.exec("COMMIT");
    other.close();
    expect(await working).toEqual({ ok: true, value: "flow_ended" });
    expect((await rig.state("f")).end).toEqual({ status: "complete" });
    expect(rig.journal.filter(({ what }) => what === "begins")).toHaveLength(2);
    await store.close();
  });

  storeTest("a worker with nothing at hand does not wait for ever", async ({ newRig, expect }) => {
    const rig = await newRig(sqlite);
    const store = valueOf(open(rig.place));
    await rig.create("f", flow([run("one", "true")]));
    const other = new DatabaseSync(rig.place);
    other.exec("BEGIN IMMEDIATE");
    const { signal } = new AbortController();
    const options = { signal, only: "f", limits: noLimits, idleMs: null, warn: () => undefined };
    expect(await store.work(carryOut, options)).toMatchObject(storageFailure("locked"));
    other.close();
    await store.close();
  });
});

describe("the disk", () => {
  storeTest("is read-only", async ({ newRig, expect, skip }) => {
    const rig = await newRig(sqlite);
    const disk = mountSmallDisk(`${rig.folder}/disk`, "1m");
    if (disk === null) skip("a small disk can't be mounted here");
    try {
      const path = `${rig.folder}/disk/flows.sqlite`;
      await valueOf(open(path)).close();
      disk?.makeReadOnly();
      expect(open(path)).toMatchObject(storageFailure("read-only"));
      const below = `${rig.folder}/disk/other/flows.sqlite`;
      expect(open(below)).toMatchObject(storageFailure("read-only"));
    } finally {
      disk?.unmount();
    }
  });

  storeTest("has a limit: what was kept before is still there", async ({ newRig, expect }) => {
    const { folder } = await newRig(sqlite);
    const path = `${folder}/limited/flows.sqlite`;
    const script = new URL("../fixtures/fill-store.ts", import.meta.url).pathname;
    const limited = ["-c", 'ulimit -f 2000; exec "$0" "$@"', process.execPath, script, path];
    const { stdout, stderr } = spawnSync("/bin/sh", limited, { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      code: "storage_failed",
      hint: check.stringContaining("make room"),
    });
    const store = valueOf(open(path));
    const kept = valueOf(await store.list({ name: null, status: null, limit: 1_000 }));
    expect(kept.length).toBeGreaterThan(10);
    expect(valueOf(await store.read(kept[0]?.flowRunId ?? ""))?.end).toBeNull();
    await store.close();
  });

  storeTest(
    "is full for a while: the worker goes on when there is room",
    async ({ newRig, expect, skip }) => {
      const rig = await newRig(sqlite);
      const disk = mountSmallDisk(`${rig.folder}/disk`, "400k");
      if (disk === null) skip("a small disk can't be mounted here");
      try {
        const store = valueOf(open(`${rig.folder}/disk/flows.sqlite`, 60_000));
        const steps = [
          agent("code", order({ until: "go" })),
          run("after", "true", { needs: ["code"] }),
        ];
        valueOf(await store.create(request("f", flow(steps), rig.folder)));
        const warnings: string[] = [];
        const { signal } = new AbortController();
        const options = {
          signal,
          only: "f",
          limits: noLimits,
          idleMs: null,
          warn: (message: string) => void warnings.push(message),
        };
        const working = store.work(carryOut, options);
        await rig.untilNoted("code", "begins");
        fill(`${rig.folder}/disk`);
        expect(await store.create(request("g", flow(steps), rig.folder))).toMatchObject(
          storageFailure("no space"),
        );
        rig.touch("go");
        await until(() => warnings.length > 0, "a warning");
        expect(warnings).toEqual([check.stringContaining("no space left on the disk; trying on")]);
        rmSync(`${rig.folder}/disk/filler`);
        expect(await working).toEqual({ ok: true, value: "flow_ended" });
        expect(valueOf(await store.read("f"))?.end).toEqual({ status: "complete" });
        expect(rig.journal.filter(({ what }) => what === "begins")).toHaveLength(2);
        await store.close();
      } finally {
        disk?.unmount();
      }
    },
  );
});

describe("bugs", () => {
  storeTest(
    "a flow run that can't be decided on ends, and others go on",
    async ({ newRig, expect }) => {
      const rig = await newRig(sqlite);
      const good = createEvaluator();
      const store = valueOf(
        openSqliteStore({
          path: rig.place,
          loadEvaluator: async () => ({
            ...good,
            renderShellLine: (template, scope) => {
              if (template === "bad") throw new Error("boom");
              return good.renderShellLine(template, scope);
            },
          }),
        }),
      );
      await rig.create(
        "f",
        flow([
          run("one", "true"),
          agent("long", order({ until: "never" })),
          run("two", "bad", { needs: ["one"] }),
        ]),
      );
      await rig.create("g", flow([run("one", "true"), run("two", "true", { needs: ["one"] })]));
      const warnings: string[] = [];
      const leaving = new AbortController();
      const working = store.work(carryOut, {
        signal: leaving.signal,
        only: null,
        limits: noLimits,
        idleMs: null,
        warn: (message) => void warnings.push(message),
      });
      expect((await rig.untilEnded("f")).end).toMatchObject({
        status: "failed",
        failure: { code: "internal", message: check.stringContaining("boom") },
      });
      expect((await rig.untilEnded("g")).end).toEqual({ status: "complete" });
      await rig.untilNoted("long", "stops");
      expect(warnings).toEqual([check.stringContaining("flow run f has ended: this is a bug")]);
      leaving.abort();
      expect(await working).toEqual({ ok: true, value: "signal" });
      await store.close();
    },
  );
});
