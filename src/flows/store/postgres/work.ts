import type { Result } from "../../../failure.ts";
import { success } from "../../../failure.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import type { Execute } from "../../work.ts";
import { enterProcess } from "./enter-process.ts";
import { openDatabase } from "./open-database.ts";
import { loadPackages } from "./packages.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import { Worker } from "./worker.ts";

/** What a worker is set up with before the packages that it needs are loaded. */
export type WorkSetup = Omit<WorkerSetup, "driver" | "dbos"> & { readonly lockMs: number };

/** One for its turns, one to look after what others have left. */
const CONNECTIONS = 2;

/** Carries out steps of the flow runs in a Postgres, as `FlowStore.work` says; one after the other in a process. */
export async function work(
  setup: WorkSetup,
  execute: Execute,
  options: WorkOptions,
): Promise<Result<WorkEnd>> {
  const leave = await enterProcess(options.signal);
  if (leave === null) return success("signal");
  try {
    return await workAlone(setup, execute, options);
  } finally {
    leave();
  }
}

async function workAlone(
  { lockMs, ...setup }: WorkSetup,
  execute: Execute,
  options: WorkOptions,
): Promise<Result<WorkEnd>> {
  const packages = await loadPackages();
  if (!packages.ok) return packages;
  const { address } = setup;
  const opened = await openDatabase({ address, connections: CONNECTIONS, lockMs });
  if (!opened.ok) return opened;
  const worker = new Worker(opened.value, { ...setup, ...packages.value }, execute, options);
  try {
    return await worker.run();
  } finally {
    await worker.close();
  }
}
