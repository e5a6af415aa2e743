import type { Result } from "../../../failure.ts";
import type { WorkEnd, WorkOptions } from "../../store.ts";
import type { Execute } from "../../work.ts";
import { openDatabase } from "./open-database.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import { Worker } from "./worker.ts";

/** Opening waits for others' locks as a command does; later the event loop must not stand still for long. */
const OPEN_MS = 10_000;
const TURN_MS = 100;

/** Carries out steps of the flow runs in a file, as `FlowStore.work` says. */
export async function work(
  setup: WorkerSetup,
  execute: Execute,
  options: WorkOptions,
): Promise<Result<WorkEnd>> {
  const opened = openDatabase(setup.path, OPEN_MS);
  if (!opened.ok) return opened;
  opened.value.setPatience(TURN_MS);
  const worker = new Worker(opened.value, setup, execute, options);
  try {
    return await worker.run();
  } finally {
    worker.close();
  }
}
