import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure } from "../../failure.ts";
import type { Evaluator } from "../../flows/evaluator.ts";
import { flowsFolder } from "../../flows/steps/step-folder.ts";
import type { FlowStore } from "../../flows/store.ts";
import type { CommonOptions } from "../command.ts";
import { runsConfigFor } from "../runs-config.ts";
import type { Shell } from "../shell.ts";

/** What every command needs that has to do with flow runs. */
export interface Flows {
  readonly config: Config;
  readonly store: FlowStore;
}

/** Has a command work with the flow runs of its config, and closes what was opened for it. */
export async function withFlows(
  options: CommonOptions,
  shell: Shell,
  refuse: (reason: Failure) => number,
  body: (flows: Flows) => Promise<number>,
): Promise<number> {
  const config = runsConfigFor(shell, options);
  return config.ok ? withFlowsOf(config.value, refuse, body) : refuse(config.failure);
}

/** The same with a config that has been read. */
export async function withFlowsOf(
  config: Config,
  refuse: (reason: Failure) => number,
  body: (flows: Flows) => Promise<number>,
): Promise<number> {
  const store = await openStore(config);
  if (!store.ok) return refuse(store.failure);
  try {
    return await body({ config, store: store.value });
  } finally {
    await store.value.close();
  }
}

/** The file that keeps the flow runs of a config, unless Postgres does. */
export function storePath({ handoffDir }: Config): string {
  return join(flowsFolder(handoffDir), "flows.sqlite");
}

/** The flow runs of a config. */
export async function openStore(config: Config): Promise<Result<FlowStore>> {
  if (config.store !== null)
    return failure({
      code: "config_invalid",
      message: `flow runs can't be kept in Postgres yet, as ${config.path} wants it`,
      hint: 'leave "store" out: they are kept in a file in the handoff folder then',
    });
  const { openSqliteStore } = await import("../../flows/store/sqlite/sqlite-store.ts");
  return openSqliteStore({
    path: storePath(config),
    loadEvaluator,
  });
}

/** What gives expressions their values; loading it takes a while. */
export async function loadEvaluator(): Promise<Evaluator> {
  const { createEvaluator } = await import("../../flows/expression/evaluator.ts");
  return createEvaluator();
}
