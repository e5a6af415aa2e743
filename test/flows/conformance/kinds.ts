import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import { PATIENCE_MS } from "../../rig/patience.ts";
import type { StoreKind } from "./store-kind.ts";

/** One file on this machine. */
export const sqlite: StoreKind = {
  name: "sqlite",
  manyItems: 10_000,
  newPlace: async (folder) => `${folder}/.flows/flows.sqlite`,
  open: async (path, pace) =>
    openSqliteStore({
      path,
      loadEvaluator: async () => createEvaluator(),
      pace,
      busyMs: PATIENCE_MS,
    }),
};

/** By its name, as another process is told of it; only this one is loaded. */
export async function loadKind(name: string): Promise<StoreKind> {
  if (name === sqlite.name) return sqlite;
  const { postgres } = await import("../../postgres/postgres-kind.ts");
  return postgres;
}
