import { shortDigest } from "../../flows/view/asking.ts";
import type { Failure } from "../../failure.ts";
import type { FlowStore } from "../../flows/store.ts";
import type { Task, TaskKey } from "../../flows/task.ts";

/** How long a worker may take to look again at what is shown. */
const LOOK_MS = 3_000;

/** The digest of what a step shows now, if that is another than what was approved, so that it asks anew; else null. */
export async function asksAnew(
  flowRunId: string,
  key: TaskKey,
  approved: string,
  store: FlowStore,
): Promise<string | null> {
  const hasWorker = await store.hasWorker(flowRunId);
  if (!hasWorker.ok || !hasWorker.value) return null;
  const patience = AbortSignal.timeout(LOOK_MS);
  for (;;) {
    const state = await store.read(flowRunId);
    const task = state.ok ? state.value?.tasks.get(key) : undefined;
    if (task?.status === "waiting" && task.waiting.kind === "approval")
      return task.waiting.digest === approved ? null : task.waiting.digest;
    if (!isLookedAt(task) || patience.aborted) return null;
    await store.changed(patience);
  }
}

/** Whether a worker is making anew what the step shows. */
function isLookedAt(task: Task | undefined): boolean {
  if (task?.status !== "ready" && task?.status !== "running") return false;
  return task.work.kind === "approve" && task.work.show !== null;
}

/** What is decided about is not what was seen. */
export function shownHasChanged(flowRunId: string, key: TaskKey, digest: string): Failure {
  return {
    code: "usage",
    message: `what "${key}" shows has changed since: its digest is ${shortDigest(digest)} now`,
    hint: `look at it again with delegate flow show ${flowRunId}, then decide`,
  };
}
