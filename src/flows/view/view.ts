import { unreachable } from "../../unreachable.ts";
import type { FlowEvent } from "../event.ts";
import type { FlowEnd } from "../flow-run.ts";
import type { TaskKey } from "../task.ts";

/** A flow run as people watch it: a fold of its events. */
export interface FlowView {
  readonly name: string;
  readonly createdAtMs: number;
  readonly steps: ReadonlyMap<TaskKey, StepView>;
  readonly end: { readonly how: FlowEnd; readonly atMs: number } | null;
  readonly lastSeq: number;
}

export type StepPhase =
  | "ready"
  | "running"
  | "waiting"
  | "retrying"
  | "undecided"
  | "done"
  | "failed"
  | "skipped"
  | "canceled";

/** One step as people watch it. */
export interface StepView {
  readonly phase: StepPhase;
  /** When it was begun for the first time, or null when it has not been. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The most iterations of a loop that has begun, or null. */
  readonly maxIterations: number | null;
  /** The last that is known of it in words. */
  readonly words: string;
}

/** A flow run of which nothing has been heard yet. */
export const unseenFlow: FlowView = {
  name: "",
  createdAtMs: 0,
  steps: new Map(),
  end: null,
  lastSeq: 0,
};

/** The view after further events, which come in order; those that were seen already change nothing. */
export function applyToView(before: FlowView, events: readonly FlowEvent[]): FlowView {
  const fresh = events.filter(({ seq }) => seq > before.lastSeq);
  if (fresh.length === 0) return before;
  const steps = new Map(before.steps);
  let view: Omit<FlowView, "steps"> = before;
  for (const event of fresh) {
    view = { ...afterEvent(view, event), lastSeq: event.seq };
    applyToSteps(steps, event);
  }
  return { ...view, steps };
}

function afterEvent(
  view: Omit<FlowView, "steps">,
  event: FlowEvent,
): Omit<FlowView, "steps" | "lastSeq"> {
  const atMs = Date.parse(event.at);
  if (event.type === "flow_created") return { ...view, name: event.name, createdAtMs: atMs };
  if (event.type === "flow_ended") return { ...view, end: { how: event.end, atMs } };
  // A flow that has ended goes on when somebody has a step done again.
  if (event.type === "step_forgotten") return { ...view, end: null };
  return view;
}

function applyToSteps(steps: Map<TaskKey, StepView>, event: FlowEvent): void {
  if (!("key" in event)) return;
  if (event.type === "step_forgotten") steps.delete(event.key);
  else steps.set(event.key, afterStepEvent(steps.get(event.key) ?? unseenStep, event));
}

const unseenStep: StepView = {
  phase: "ready",
  startedAtMs: null,
  endedAtMs: null,
  maxIterations: null,
  words: "",
};

type StepEvent = Exclude<
  Extract<FlowEvent, { readonly key: TaskKey }>,
  { readonly type: "step_forgotten" }
>;

function afterStepEvent(step: StepView, event: StepEvent): StepView {
  const atMs = Date.parse(event.at);
  const ended = (phase: StepPhase, words: string): StepView => ({
    ...step,
    phase,
    endedAtMs: atMs,
    words,
  });
  switch (event.type) {
    case "step_ready":
      return { ...step, phase: "ready", endedAtMs: null };
    case "step_opened":
      return { ...begun(step, atMs), maxIterations: event.maxIterations ?? null };
    case "step_started":
      return begun(step, atMs);
    case "step_progress":
      return { ...step, words: event.words };
    case "step_waiting":
      return { ...step, phase: "waiting", words: event.what };
    case "step_escalated":
      return step;
    case "step_decided":
      return { ...step, words: `${event.decision} by ${event.by}` };
    case "step_done":
      return ended("done", step.words);
    case "step_failed":
      return event.retryAt === null
        ? ended("failed", event.failure.message)
        : { ...step, phase: "retrying", words: event.failure.message };
    case "step_skipped":
      return ended("skipped", event.because);
    case "step_canceled":
      return ended("canceled", step.words);
    case "step_recovered":
      return { ...step, phase: event.choice === "rerun" ? "ready" : "undecided" };
    default:
      return unreachable(event);
  }
}

function begun(step: StepView, atMs: number): StepView {
  return { ...step, phase: "running", startedAtMs: step.startedAtMs ?? atMs, endedAtMs: null };
}
