import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import type { StoreKind } from "./store-kind.ts";

/** A fifth of the usual, so that a test need not wait long until a worker is given up. */
const pace = { beatMs: 300, patienceMs: 2_000, warnAfterMs: 0, leaveMs: 5_000 };

/** One file on this machine. */
export const sqlite: StoreKind = {
  name: "sqlite",
  newPlace: async (folder) => `${folder}/.flows/flows.sqlite`,
  open: async (path) =>
    openSqliteStore({ path, loadEvaluator: async () => createEvaluator(), pace, busyMs: 5_000 }),
};

/** By name, for other processes. */
export const kinds: ReadonlyMap<string, StoreKind> = new Map([[sqlite.name, sqlite]]);
