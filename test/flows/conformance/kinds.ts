import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import { postgres } from "../../postgres/postgres-kind.ts";
import { pace } from "./pace.ts";
import type { StoreKind } from "./store-kind.ts";

/** One file on this machine. */
export const sqlite: StoreKind = {
  name: "sqlite",
  manyItems: 10_000,
  newPlace: async (folder) => `${folder}/.flows/flows.sqlite`,
  open: async (path) =>
    openSqliteStore({ path, loadEvaluator: async () => createEvaluator(), pace, busyMs: 5_000 }),
};

/** By name, for other processes. */
export const kinds: ReadonlyMap<string, StoreKind> = new Map(
  [sqlite, postgres].map((kind) => [kind.name, kind]),
);
