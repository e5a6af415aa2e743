import type { Flow, Step } from "../../flows/flow.ts";
import { isContainer } from "../../flows/inside.ts";
import { partsOf, stepsTo } from "../../flows/tree/place.ts";
import type { TaskKey } from "../../flows/task.ts";
import type { FlowView, StepPhase, StepView } from "../../flows/view/view.ts";

/** Steps of one kind that are under way at the same place of a flow run. */
export interface ActiveSteps {
  /** Who is at it: an agent's role, or the step's id. */
  readonly name: string;
  /** Such as `iteration 2 of 3`; empty outside of loops. */
  readonly place: string;
  readonly count: number;
  /** Since when the first of them has been. */
  readonly sinceMs: number;
  /** The last words of one of them, or empty. */
  readonly words: string;
}

/** The steps that are in this phase, containers left out; what is alike is counted together. */
export function activeSteps(
  flow: Flow,
  { steps, createdAtMs }: FlowView,
  isMeant: (phase: StepPhase) => boolean,
): readonly ActiveSteps[] {
  const groups = new Map<string, ActiveSteps>();
  for (const [key, view] of steps) {
    if (!isMeant(view.phase)) continue;
    const path = stepsTo(flow, key);
    const step = path?.at(-1);
    if (path === null || step === undefined || isContainer(step)) continue;
    const name = step.kind === "agent" ? step.agent : step.id;
    const place = iterationIn(path, key);
    const group = `${name} ${place}`;
    groups.set(group, joined(groups.get(group), name, place, view, createdAtMs));
  }
  return [...groups.values()];
}

function joined(
  group: ActiveSteps | undefined,
  name: string,
  place: string,
  { startedAtMs, words }: StepView,
  createdAtMs: number,
): ActiveSteps {
  const sinceMs = startedAtMs ?? createdAtMs;
  if (group === undefined) return { name, place, count: 1, sinceMs, words };
  return {
    ...group,
    count: group.count + 1,
    sinceMs: Math.min(group.sinceMs, sinceMs),
    words: group.words === "" ? words : group.words,
  };
}

/** Which iteration of the innermost loop a place is in. */
function iterationIn(path: readonly Step[], key: TaskKey): string {
  const at = path.findLastIndex(({ kind }) => kind === "loop");
  const loop = path[at];
  if (loop?.kind !== "loop") return "";
  return `iteration ${partsOf(key)[at]?.number ?? 1} of ${loop.max}`;
}
