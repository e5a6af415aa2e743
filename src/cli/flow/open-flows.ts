import type { Config } from "../../config/config.ts";
import type { Failure, Result } from "../../failure.ts";
import type { FlowStore } from "../../flows/store.ts";
import { openFlowStore, openFlowStoreToLook } from "../../flows/store/open-flow-store.ts";
import type { CommonOptions } from "../command.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
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
  return config.ok ? withFlowsOf(config.value, shell, refuse, body) : refuse(config.failure);
}

/** The same with a config that has been read. */
export async function withFlowsOf(
  config: Config,
  { env }: Shell,
  refuse: (reason: Failure) => number,
  body: (flows: Flows) => Promise<number>,
): Promise<number> {
  return useFlows(config, await openFlowStore(config, env), refuse, body);
}

/** The same for a command that only shows flow runs; `isStaying`: it waits for those that come. */
export async function withFlowsToLook(
  options: CommonOptions & { readonly isStaying?: boolean },
  shell: Shell,
  refuse: (reason: Failure) => number,
  body: (flows: Flows) => Promise<number>,
): Promise<number> {
  const config = runsConfigFor(shell, options);
  if (!config.ok) return refuse(config.failure);
  const store = await openFlowStoreToLook(config.value, shell.env, options.isStaying === true);
  return useFlows(config.value, store, refuse, body);
}

async function useFlows(
  config: Config,
  store: Result<FlowStore>,
  refuse: (reason: Failure) => number,
  body: (flows: Flows) => Promise<number>,
): Promise<number> {
  if (!store.ok) return refuse(store.failure);
  try {
    return await body({ config, store: store.value });
  } finally {
    await store.value.close();
  }
}
