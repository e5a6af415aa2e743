import { existsSync } from "node:fs";
import type { Config } from "../../config/config.ts";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import type { FlowStore, Stored } from "../../flows/store.ts";
import { openFlowStore, storePath } from "../../flows/store/open-flow-store.ts";
import type { Shell } from "../shell.ts";

/** Whether there may be flow runs: no store is made only to be asked. */
export function mayHaveFlows(config: Config): boolean {
  return config.store !== null || existsSync(storePath(config));
}

/** The ids of the flow runs that have not ended; none where there never was one. */
export async function liveFlows(
  config: Config,
  { env }: Shell,
): Promise<Result<ReadonlySet<string>>> {
  if (!mayHaveFlows(config)) return success(new Set());
  const store = await openFlowStore(config, env);
  if (!store.ok) return store;
  try {
    return await idsOfLive(store.value);
  } finally {
    await store.value.close();
  }
}

/** The ids of those in this store. */
export async function idsOfLive(store: FlowStore): Stored<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const status of ["running", "waiting"] as const) {
    const found = await store.list({ name: null, status, limit: Number.MAX_SAFE_INTEGER });
    if (!found.ok) return found;
    for (const { flowRunId } of found.value) ids.add(flowRunId);
  }
  return success(ids);
}
