import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { isAboutToAsk } from "../../flows/view/asking.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import type { FlowStore } from "../../flows/store.ts";
import type { Task, TaskKey } from "../../flows/task.ts";
import { readKnownFlow } from "./known-flow.ts";
import { findKnownStep } from "./known-step.ts";

/** A step that somebody decides about, and how its flow run stands. */
export interface AskedStep {
  readonly state: FlowState;
  readonly key: TaskKey;
}

/** How long a step may take from its beginning until it asks. */
const ASKING_MS = 5_000;

/**
 * Finds the step that somebody names to decide about it. For one that has begun and does not ask yet a moment is waited:
 * what it shows is made just then.
 */
export async function findAskedStep(
  store: FlowStore,
  flowRunId: string,
  word: string,
  isWanted: (task: Task) => boolean,
  patience = AbortSignal.timeout(ASKING_MS),
): Promise<Result<AskedStep>> {
  for (;;) {
    const state = await readKnownFlow(store, flowRunId);
    if (!state.ok) return state;
    const key = findKnownStep(state.value, word, isWanted);
    if (!key.ok) return key;
    const task = state.value.tasks.get(key.value);
    if (task === undefined || !isAboutToAsk(task) || patience.aborted)
      return success({ state: state.value, key: key.value });
    await store.changed(patience);
  }
}
