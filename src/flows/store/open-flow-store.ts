import { join } from "node:path";
import type { Environment } from "../../environment.ts";
import type { Config, StoreSettings } from "../../config/config.ts";
import { readSecret } from "../../config/token.ts";
import type { Result } from "../../failure.ts";
import { loadEvaluator } from "../expression/load-evaluator.ts";
import { flowsFolder } from "../steps/step-folder.ts";
import type { FlowStore } from "../store.ts";

/** The flow runs of a config, wherever it keeps them. */
export async function openFlowStore(config: Config, env: Environment): Promise<Result<FlowStore>> {
  if (config.store !== null) return openInPostgres(config, config.store, env);
  const { openSqliteStore } = await import("./sqlite/sqlite-store.ts");
  return openSqliteStore({ path: storePath(config), loadEvaluator });
}

/**
 * The same for a command that only shows them: it need not be able to write. `isStaying`: it waits for what comes, so
 * that a store has to be there.
 */
export async function openFlowStoreToLook(
  config: Config,
  env: Environment,
  isStaying: boolean,
): Promise<Result<FlowStore>> {
  if (config.store !== null) return openInPostgres(config, config.store, env);
  const { openSqliteStoreToLook } = await import("./sqlite/sqlite-store.ts");
  return openSqliteStoreToLook({ path: storePath(config), loadEvaluator }, isStaying);
}

/** The file that keeps the flow runs of a config, unless Postgres does. */
export function storePath({ handoffDir }: Config): string {
  return join(flowsFolder(handoffDir), "flows.sqlite");
}

async function openInPostgres(
  { agents }: Config,
  { postgres, agentsElsewhere }: StoreSettings,
  env: Environment,
): Promise<Result<FlowStore>> {
  const url = readSecret(postgres, env, "the address of the Postgres", "address");
  if (!url.ok) return url;
  const { openPostgresStore } = await import("./postgres/postgres-store.ts");
  return openPostgresStore({
    address: { url: url.value, name: "env" in postgres ? postgres.env : postgres.file },
    loadEvaluator,
    agents: new Set(Object.keys(agents).filter((name) => !agentsElsewhere.includes(name))),
  });
}
