import { nearest } from "../../text/nearest.ts";
import type { FlowState } from "../flow-run.ts";
import type { Flow, Step } from "../flow.ts";
import { idsIn, stepsInside } from "../inside.ts";
import { partsOf, prefixInside, stepsTo } from "../tree/place.ts";
import type { Task, TaskKey } from "../task.ts";

/** Which step of a flow run somebody means. */
export type FoundStep =
  | { readonly kind: "found"; readonly key: TaskKey }
  /** It stands at several places, and nothing tells which is meant. */
  | { readonly kind: "ambiguous"; readonly keys: readonly TaskKey[] }
  | { readonly kind: "unknown"; readonly nearest: string | null };

/**
 * Finds a step by its whole key or by its id alone. Of the iterations of a loop the last one is meant; of several items
 * the one that is wanted.
 */
export function findStep(
  { request: { flow }, tasks }: FlowState,
  word: string,
  isWanted: (task: Task) => boolean,
): FoundStep {
  if (tasks.has(word) || (word.includes(".") && stepsTo(flow, word) !== null))
    return { kind: "found", key: word };
  const places = lastOfLoops(
    flow,
    // What was forgotten by going back is no iteration any more.
    [...tasks.values()].filter(({ stepId, status }) => stepId === word && status !== "forgotten"),
  );
  const wanted = places.filter(isWanted);
  const [first, ...more] = wanted.length > 0 ? wanted : places;
  if (first !== undefined)
    return more.length === 0
      ? { kind: "found", key: first.key }
      : { kind: "ambiguous", keys: [first, ...more].map(({ key }) => key) };
  const key = firstKeyOf(flow.steps, word);
  if (key !== null) return { kind: "found", key };
  return { kind: "unknown", nearest: nearest(word, idsIn(flow.steps)) };
}

/** Of tasks that differ only in the iterations of loops, those of the latest. */
function lastOfLoops(flow: Flow, tasks: readonly Task[]): readonly Task[] {
  const byPlace = new Map<string, Task>();
  for (const task of tasks) {
    const steps = stepsTo(flow, task.key) ?? [];
    const place = partsOf(task.key).map(({ stepId, number }, index) =>
      steps[index]?.kind === "loop" ? stepId : `${stepId} ${number}`,
    );
    byPlace.set(place.join(" "), task);
  }
  return [...byPlace.values()];
}

/** Where a step that has not begun would stand first. */
function firstKeyOf(steps: readonly Step[], id: string): TaskKey | null {
  for (const step of steps) {
    if (step.id === id) return id;
    const inside = firstKeyOf(stepsInside(step), id);
    if (inside !== null) return prefixInside(step.id, 1) + inside;
  }
  return null;
}
