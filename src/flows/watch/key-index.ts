import type { Flow } from "../flow.ts";
import { stepAt } from "../tree/place.ts";
import type { TaskKey } from "../task.ts";
import type { StepPhase, StepView } from "../view/view.ts";

/** What is known of the iterations or items of a container, by number, from the steps in them. */
export type ScopesSeen = ReadonlyMap<number, ScopeSeen>;

/** How one iteration or item stands. */
export interface ScopeSeen {
  readonly isUnderWay: boolean;
  /** A step of it has failed, or one further inside. */
  readonly hasFailure: boolean;
  /** A step of it has failed that does not let the flow go on. */
  readonly hasFailed: boolean;
}

/** Whether a step has come to its end. */
export function isOver(phase: StepPhase): boolean {
  return over.has(phase);
}

const over: ReadonlySet<StepPhase> = new Set(["done", "failed", "skipped", "canceled"]);

/** The keys of those steps that others are in. */
export function containersIn(steps: ReadonlyMap<TaskKey, StepView>): ReadonlySet<TaskKey> {
  const keys = [...steps.keys()];
  return new Set(keys.flatMap((key) => placesIn(key).map(({ container }) => container)));
}

/** The containers of a flow run by their keys; takes as long as there are steps. */
export function indexScopes(
  flow: Flow,
  steps: ReadonlyMap<TaskKey, StepView>,
): ReadonlyMap<TaskKey, ScopesSeen> {
  const index = new Map<TaskKey, Map<number, ScopeSeen>>();
  for (const [key, step] of steps) {
    const isFailed = step.phase === "failed";
    const places = placesIn(key);
    for (const [place, { container, number }] of places.entries()) {
      const seen = index.get(container) ?? new Map<number, ScopeSeen>();
      index.set(container, seen);
      const before = seen.get(number);
      seen.set(number, {
        isUnderWay: before?.isUnderWay === true || !isOver(step.phase),
        hasFailure: before?.hasFailure === true || isFailed,
        // What is further inside fails what is around it, or does not: then that has failed itself, or has not.
        hasFailed:
          before?.hasFailed === true ||
          (isFailed && place === places.length - 1 && !goesOn(flow, key)),
      });
    }
  }
  return index;
}

function goesOn(flow: Flow, key: TaskKey): boolean {
  return stepAt(flow, key)?.onFailure === "continue";
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
