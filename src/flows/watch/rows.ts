import { prefixInside } from "../tree/place.ts";
import { unreachable } from "../../unreachable.ts";
import type { Flow, ForEachStep, LoopStep, Step } from "../flow.ts";
import { stepsInside } from "../inside.ts";
import type { TaskKey } from "../task.ts";
import type { FlowView, StepPhase, StepView } from "../view/view.ts";
import { wavesOf } from "../waves.ts";
import type { ScopeSeen, ScopesSeen } from "./key-index.ts";
import { indexScopes, isOver } from "./key-index.ts";

/** A step in the picture of a flow run that is watched. */
export interface WatchRow {
  /** How deep inside of others it is; 0 for the flow's own steps. */
  readonly depth: number;
  /** From 1, among the steps that it stands beside. */
  readonly wave: number;
  readonly name: string;
  /** How it stands in a word; empty when it has not come yet. */
  readonly state: string;
  /** Null when it has not begun. */
  readonly elapsedMs: number | null;
  readonly words: string;
  /** What goes first when there is little room: 0 stays longest. */
  readonly importance: 0 | 1 | 2 | 3;
}

/** The steps of a flow run as a tree, each scope by its waves; what is over is folded. */
export function watchRows(flow: Flow, view: FlowView, nowMs: number): readonly WatchRow[] {
  const seen = { view, nowMs, scopes: indexScopes(flow, view.steps) };
  return rowsOf(flow.steps, { prefix: "", name: "", depth: 0, doesShowAll: true }, seen);
}

interface Seen {
  readonly view: FlowView;
  readonly nowMs: number;
  readonly scopes: ReadonlyMap<TaskKey, ScopesSeen>;
}

/** Which steps are looked at: those under a key, shown with a name before theirs. */
interface Place {
  readonly prefix: string;
  readonly name: string;
  readonly depth: number;
  /** Or only the steps that are under way or have failed. */
  readonly doesShowAll: boolean;
}

function rowsOf(steps: readonly Step[], place: Place, seen: Seen): readonly WatchRow[] {
  return wavesOf(steps).flatMap((wave, index) =>
    wave.flatMap((step) => rowsOfStep(step, index + 1, place, seen)),
  );
}

function rowsOfStep(step: Step, wave: number, place: Place, seen: Seen): readonly WatchRow[] {
  const key = place.prefix + step.id;
  const view = seen.view.steps.get(key);
  if (!place.doesShowAll && !isWorthShowing(view)) return [];
  const row = rowOf(step, wave, place, seen);
  return view === undefined ? [row] : [row, ...rowsInside(step, key, view, place, seen)];
}

function isWorthShowing(view: StepView | undefined): boolean {
  return view !== undefined && (!isOver(view.phase) || view.phase === "failed");
}

function rowOf(step: Step, wave: number, { prefix, name, depth }: Place, seen: Seen): WatchRow {
  const key = prefix + step.id;
  const view = seen.view.steps.get(key);
  const shared = { depth, wave, name: name + step.id };
  if (view === undefined)
    return { ...shared, state: "", elapsedMs: null, words: "", importance: 2 };
  return {
    ...shared,
    state: view.phase,
    elapsedMs: elapsedOf(view, seen.nowMs),
    words: wordsOf(step, key, view, seen),
    importance: importanceOf(view.phase),
  };
}

function importanceOf(phase: StepPhase): WatchRow["importance"] {
  switch (phase) {
    case "running":
    case "waiting":
    case "undecided":
    case "failed":
    case "retrying":
      return 0;
    case "ready":
      return 1;
    case "done":
    case "skipped":
    case "canceled":
      return 3;
    default:
      return unreachable(phase);
  }
}

function elapsedOf({ startedAtMs, endedAtMs, phase }: StepView, nowMs: number): number | null {
  if (startedAtMs === null || phase === "skipped") return null;
  return (endedAtMs ?? nowMs) - startedAtMs;
}

function wordsOf(step: Step, key: TaskKey, view: StepView, seen: Seen): string {
  const count = countWords(step, view, seen.scopes.get(key));
  // What an agent said while it worked is no news once it is done.
  const said = view.phase === "done" || view.phase === "ready" ? "" : view.words;
  return [count, said].filter((words) => words !== "").join(": ");
}

function countWords(step: Step, view: StepView, inside: ScopesSeen | undefined): string {
  if (inside === undefined) return "";
  if (step.kind === "loop") return countIterations(inside.size, view.maxIterations ?? step.max);
  return step.kind === "for-each" ? countItems([...inside.values()]) : "";
}

function countIterations(number: number, max: LoopStep["max"]): string {
  return typeof max === "number" ? `iteration ${number} of ${max}` : `iteration ${number}`;
}

function countItems(items: readonly ScopeSeen[]): string {
  const over = items.filter(({ isUnderWay }) => !isUnderWay);
  const failed = over.filter(({ hasFailed }) => hasFailed).length;
  const imperfect = over.filter(({ hasFailed, hasFailure }) => hasFailure && !hasFailed).length;
  const counts = [
    [over.length - failed - imperfect, "done"],
    [imperfect, "done with a failure"],
    [items.length - over.length, "under way"],
    [failed, "failed"],
  ] as const;
  const words = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return words.join(", ");
}

/** Inside of what is over there is only something to see when it failed. */
function rowsInside(
  step: Step,
  key: TaskKey,
  { phase }: StepView,
  place: Place,
  seen: Seen,
): readonly WatchRow[] {
  const inside = seen.scopes.get(key);
  if (inside === undefined || (isOver(phase) && phase !== "failed")) return [];
  const deeper = { name: "", depth: place.depth + 1, doesShowAll: true };
  switch (step.kind) {
    case "loop": {
      const iteration = Math.max(...inside.keys());
      return rowsOf(step.steps, { ...deeper, prefix: prefixInside(key, iteration) }, seen);
    }
    case "for-each":
      return rowsOfItems(step, key, inside, place.depth + 1, seen);
    default:
      return rowsOf(stepsInside(step), { ...deeper, prefix: prefixInside(key, 1) }, seen);
  }
}

/** Only the items in which something happens, or has failed. */
function rowsOfItems(
  step: ForEachStep,
  key: TaskKey,
  scopes: ScopesSeen,
  depth: number,
  seen: Seen,
): readonly WatchRow[] {
  return [...scopes].flatMap(([number, { isUnderWay, hasFailure }]) => {
    if (!isUnderWay && !hasFailure) return [];
    const place = {
      prefix: prefixInside(key, number),
      name: `${number}.`,
      depth,
      doesShowAll: false,
    };
    return rowsOf(step.steps, place, seen);
  });
}
