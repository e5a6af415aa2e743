import type { Config } from "../../config/config.ts";
import type { Failure } from "../../failure.ts";
import type { FlowStore } from "../../flows/store.ts";
import { openFlowStore, storePath } from "../../flows/store/open-flow-store.ts";
import { idsOfLive, mayHaveFlows } from "../flow/live-flows.ts";
import type { Shell } from "../shell.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";

/** Whether flow runs can be kept, and somebody goes on with them; nothing where there never was one. */
export async function checkFlows(config: Config, { env }: Shell): Promise<readonly Check[]> {
  if (!mayHaveFlows(config)) return [];
  const store = await openFlowStore(config, env);
  if (!store.ok) return [failed(store.failure)];
  const place = config.store === null ? storePath(config) : "Postgres";
  try {
    return [await look(store.value, place)];
  } finally {
    await store.value.close();
  }
}

async function look(store: FlowStore, place: string): Promise<Check> {
  const live = await idsOfLive(store);
  if (!live.ok) return failed(live.failure);
  const hasWorker = await store.hasWorker(null);
  if (!hasWorker.ok) return failed(hasWorker.failure);
  const count = live.value.size;
  const found = `kept in ${place}, ${count} under way`;
  if (hasWorker.value) return ok("flows", `${found}, a worker is there`);
  return count === 0
    ? ok("flows", found)
    : warn(
        "flows",
        `${found}, no worker is there for all of them`,
        "delegate worker carries them on; delegate flow list shows them",
      );
}

function failed({ message, hint }: Failure): Check {
  return fail("flows", message, hint);
}
