import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect as check } from "vitest";
import type { Result } from "../../../src/failure.ts";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import type { FlowStore } from "../../../src/flows/store.ts";
import { openSqliteStoreToLook } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import { mountSmallDisk } from "../../rig/small-disk.ts";
import { flow, request, run } from "../conformance/flows.ts";
import { sqlite } from "../conformance/kinds.ts";
import { valueOf } from "../conformance/rig.ts";
import { storeTest } from "../conformance/store-test.ts";

const everything = { name: null, status: null, limit: 10 } as const;

function look(path: string, mayMake = false): Result<FlowStore> {
  return openSqliteStoreToLook(
    { path, loadEvaluator: async () => createEvaluator(), busyMs: 50 },
    mayMake,
  );
}

/** What a look at this file shows. */
async function seenIn(path: string, mayMake = false): Promise<readonly string[]> {
  const store = valueOf(look(path, mayMake));
  try {
    return valueOf(await store.list(everything)).map(({ flowRunId }) => flowRunId);
  } finally {
    await store.close();
  }
}

describe("who only looks", () => {
  storeTest("makes no store, and finds nothing", async ({ newRig, expect }) => {
    const { folder } = await newRig(sqlite);
    expect(await seenIn(`${folder}/handoffs/.flows/flows.sqlite`)).toEqual([]);
    expect(existsSync(`${folder}/handoffs`)).toBe(false);
    expect(await seenIn(`${folder}/handoffs/.flows/flows.sqlite`, true)).toEqual([]);
    expect(existsSync(`${folder}/handoffs/.flows/flows.sqlite`)).toBe(true);
  });

  storeTest("finds nothing where no store can be made", async ({ newRig, expect }) => {
    const { folder } = await newRig(sqlite);
    writeFileSync(`${folder}/file`, "");
    expect(await seenIn(`${folder}/file/.flows/flows.sqlite`, true)).toEqual([]);
  });

  storeTest("reads a store whose files can't all be written", async ({ newRig, expect }) => {
    const { place, store, folder } = await newRig(sqlite);
    valueOf(await store.create(request("f", flow([run("one", "true")]), folder)));
    rmSync(`${place}-bell`);
    mkdirSync(`${place}-bell`);
    expect(await seenIn(place)).toEqual(["f"]);
    const looking = valueOf(look(place));
    valueOf(await store.create(request("g", flow([run("one", "true")]), folder)));
    expect(valueOf(await looking.list(everything))).toHaveLength(2);
    expect(await looking.create(request("h", flow([run("one", "true")]), folder))).toMatchObject({
      failure: { message: check.stringContaining("read-only") },
    });
    await looking.close();
  });

  storeTest("says it of one that would have to be changed first", async ({ newRig, expect }) => {
    const { place, store } = await newRig(sqlite);
    await store.close();
    const database = new DatabaseSync(place);
    database.exec("PRAGMA user_version = 1");
    database.close();
    rmSync(`${place}-bell`);
    mkdirSync(`${place}-bell`);
    expect(look(place)).toMatchObject({
      failure: { code: "storage_failed", message: check.stringContaining("of an older delegate") },
    });
  });

  storeTest("reads a store on a disk that is read-only", async ({ newRig, expect, skip }) => {
    const rig = await newRig(sqlite);
    const disk = mountSmallDisk(`${rig.folder}/disk`, "2m");
    if (disk === null) skip("a small disk can't be mounted here");
    try {
      const { place, store } = rig;
      valueOf(await store.create(request("f", flow([run("one", "true")]), rig.folder)));
      mkdirSync(`${rig.folder}/disk/unread`);
      for (const end of ["", "-wal"])
        copyFileSync(`${place}${end}`, `${rig.folder}/disk/unread/flows.sqlite${end}`);
      mkdirSync(`${rig.folder}/disk/live`);
      for (const end of ["", "-wal", "-shm"])
        copyFileSync(`${place}${end}`, `${rig.folder}/disk/live/flows.sqlite${end}`);
      await store.close();
      copyFileSync(place, `${rig.folder}/disk/flows.sqlite`);
      disk?.makeReadOnly();
      expect(await seenIn(`${rig.folder}/disk/flows.sqlite`)).toEqual(["f"]);
      expect(await seenIn(`${rig.folder}/disk/live/flows.sqlite`)).toEqual(["f"]);
      expect(look(`${rig.folder}/disk/unread/flows.sqlite`)).toMatchObject({
        failure: { message: check.stringContaining("can't be read without writing") },
      });
      expect(await seenIn(`${rig.folder}/disk/none/flows.sqlite`, true)).toEqual([]);
    } finally {
      disk?.unmount();
    }
  });
});
