import { unreachable } from "../../unreachable.ts";
import type { Step } from "../flow.ts";
import type { TaskNode } from "../tree/tree.ts";
import { visitContainer } from "./visit-container.ts";
import { enter } from "./walk.ts";
import type { Place, Stop, Walk } from "./walk.ts";

/** A place where nothing begins any more. */
export interface StoppedPlace extends Place {
  readonly stop: Stop;
}

/** What becomes of a step when nothing begins any more in its scope. */
export function stopTask(
  walk: Walk,
  place: StoppedPlace,
  step: Step,
  before: TaskNode | undefined,
): TaskNode {
  const { stop } = place;
  const attempt = before?.state.attempt ?? 0;
  if (before === undefined || before.state.status === "forgotten") {
    const { because } = stop;
    return enter(walk, place, step, before, {
      status: "skipped",
      attempt,
      because,
      passesOn: true,
    });
  }
  const { state } = before;
  switch (state.status) {
    case "ready":
    case "waiting":
      return enter(walk, place, step, before, { status: "canceled", attempt });
    case "undecided":
      // Whether it had ended matters still, unless nobody wants the flow run any more.
      return stop.isCancel
        ? enter(walk, place, step, before, { status: "canceled", attempt })
        : before;
    case "open":
      return visitContainer(walk, { node: before, place, touched: "all" });
    case "running":
    case "done":
    case "failed":
    case "skipped":
    case "canceled":
      return before;
    default:
      return unreachable(state);
  }
}
