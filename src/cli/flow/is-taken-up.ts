import type { FlowStore } from "../../flows/store.ts";
import type { TaskKey } from "../../flows/task.ts";

/** How long somebody may take to notice that a step may go on. */
const NOTICE_MS = 1_000;

/** Whether somebody goes on with a step: a worker, or a process that waits for the flow run. */
export async function isTakenUp(
  flowRunId: string,
  key: TaskKey,
  store: FlowStore,
): Promise<boolean> {
  const hasWorker = await store.hasWorker(flowRunId);
  if (!hasWorker.ok || hasWorker.value) return true;
  const patience = AbortSignal.timeout(NOTICE_MS);
  for (;;) {
    const state = await store.read(flowRunId);
    if (!state.ok || state.value?.tasks.get(key)?.status !== "ready") return true;
    if (patience.aborted) return false;
    await store.changed(patience);
  }
}
