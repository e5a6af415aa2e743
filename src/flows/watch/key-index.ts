import type { TaskKey } from "../task.ts";
import type { StepPhase, StepView } from "../view.ts";

/** What is known of the iterations or items of a container, by number, from the steps in them. */
export type ScopesSeen = ReadonlyMap<number, ScopeSeen>;

/** How one iteration or item stands. */
export interface ScopeSeen {
  readonly isUnderWay: boolean;
  readonly hasFailed: boolean;
}

/** Whether a step has come to its end. */
export function isOver(phase: StepPhase): boolean {
  return over.has(phase);
}

const over: ReadonlySet<StepPhase> = new Set(["done", "failed", "skipped", "canceled"]);

/** The containers of a flow run by their keys; takes as long as there are steps. */
export function indexScopes(
  steps: ReadonlyMap<TaskKey, StepView>,
): ReadonlyMap<TaskKey, ScopesSeen> {
  const index = new Map<TaskKey, Map<number, ScopeSeen>>();
  for (const [key, step] of steps) {
    for (const { container, number } of placesIn(key)) {
      const seen = index.get(container) ?? new Map<number, ScopeSeen>();
      index.set(container, seen);
      const before = seen.get(number);
      seen.set(number, {
        isUnderWay: before?.isUnderWay === true || !isOver(step.phase),
        hasFailed: before?.hasFailed === true || step.phase === "failed",
      });
    }
  }
  return index;
}

/** The containers that a key leads through, and the number of the iteration or item in each. */
function placesIn(key: TaskKey): readonly { container: TaskKey; number: number }[] {
  const words = key.split(".");
  const places = [];
  for (let at = 1; at < words.length - 1; at += 2) {
    places.push({ container: words.slice(0, at).join("."), number: Number(words[at]) });
  }
  return places;
}
