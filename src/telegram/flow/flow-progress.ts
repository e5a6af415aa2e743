import type { FlowEvent } from "../../flows/event.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import type { TaskKey } from "../../flows/task.ts";
import { applyToView, unseenFlow } from "../../flows/view/view.ts";
import type { FlowView } from "../../flows/view/view.ts";

/** What somebody has decided about a step. */
export type StepDecision = Extract<FlowEvent, { readonly type: "step_decided" }>;

/** A flow run as far as it is told of: a fold of its events. */
export interface FlowProgress {
  readonly request: FlowRequest;
  readonly view: FlowView;
  /** The number of the event with which it ended last. */
  readonly endedSeq: number;
  /** The latest decision about each step. */
  readonly decisions: ReadonlyMap<TaskKey, StepDecision>;
  /** Whether a process is there that carries it on. */
  readonly isCarriedOn: boolean;
}

/** A flow run of which nothing has been heard yet. */
export function newFlowProgress(request: FlowRequest): FlowProgress {
  return { request, view: unseenFlow, endedSeq: 0, decisions: new Map(), isCarriedOn: true };
}

/** The same after further events, which come in order. */
export function applyToProgress(before: FlowProgress, events: readonly FlowEvent[]): FlowProgress {
  const fresh = events.filter(({ seq }) => seq > before.view.lastSeq);
  if (fresh.length === 0) return before;
  const decisions = new Map(before.decisions);
  for (const event of fresh) {
    if (event.type === "step_decided") decisions.set(event.key, event);
    if (event.type === "step_forgotten") decisions.delete(event.key);
  }
  const end = fresh.findLast(({ type }) => type === "flow_ended");
  const view = applyToView(before.view, fresh);
  return { ...before, view, decisions, endedSeq: end?.seq ?? before.endedSeq };
}

/** Whether anybody is wanted for one of its steps. */
export function wantsPeople({ view }: FlowProgress): boolean {
  for (const { phase } of view.steps.values())
    if (phase === "waiting" || phase === "undecided") return true;
  return false;
}
