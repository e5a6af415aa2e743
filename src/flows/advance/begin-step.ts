import { isContainer } from "../inside.ts";
import { openContainer } from "./open-container.ts";
import { prepareWork } from "./prepare-work.ts";
import { createRendering } from "../rendering.ts";
import type { Outcome } from "../rendering.ts";
import type { Step } from "../flow.ts";
import { isSettled } from "../tree/node.ts";
import type { Telling } from "../tree/task-change.ts";
import type { StepFailure } from "../task.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";
import { visitContainer } from "./visit-container.ts";
import { enter } from "./walk.ts";
import type { Place, Walk } from "./walk.ts";

/** Whether a step has not begun, or is to be done again. */
export function isToBegin(node: TaskNode | undefined): boolean {
  return node === undefined || node.state.status === "forgotten";
}

/** Whether everything is settled that a step needs, so that it begins or is skipped. */
export function mayBegin(scope: ScopeNode, step: Step): boolean {
  return step.needs.every((id) => {
    const node = scope.tasks.get(id);
    return node !== undefined && isSettled(node.state);
  });
}

/** A step that begins: ready for a worker, open, skipped, or failed already. `place` sees the steps of its scope. */
export function beginStep(walk: Walk, place: Place, scope: ScopeNode, step: Step): TaskNode {
  const before = scope.tasks.get(step.id);
  const attempt = before?.state.attempt ?? 0;
  const because = whySkipped(walk, place, scope, step);
  if (!because.ok) return fail(walk, place, step, before, because.failure);
  if (because.value !== null) {
    const state = { status: "skipped", attempt, because: because.value, passesOn: true } as const;
    return enter(walk, place, step, before, state);
  }
  const begun = stateOf(walk, place, step, attempt + 1);
  if (!begun.ok) return fail(walk, place, step, before, begun.failure);
  const node = enter(walk, place, step, before, begun.value);
  return visitContainer(walk, { node, place, touched: "all" });
}

function stateOf(
  { request, evaluator }: Walk,
  { sight }: Place,
  step: Step,
  attempt: number,
): Outcome<Telling> {
  if (isContainer(step)) {
    const opened = openContainer(step, sight, evaluator);
    return opened.ok
      ? { ok: true, value: { status: "open", attempt, opened: opened.value } }
      : opened;
  }
  const prepared = prepareWork(step, sight, request.agents, evaluator);
  if (!prepared.ok) return prepared;
  const lastAttempt = attempt + step.retry.attempts - 1;
  const work = prepared.value;
  return {
    ok: true,
    value: { status: "ready", attempt, lastAttempt, work, dueAtMs: 0, decision: null },
  };
}

/** Why a step is skipped, or null when it is not: its own `when` decides before all else. */
function whySkipped(
  { evaluator }: Walk,
  { sight }: Place,
  scope: ScopeNode,
  step: Step,
): Outcome<string | null> {
  if (step.when === null) {
    const skipped = step.needs.find((id) => passesOn(scope.tasks.get(id)));
    return { ok: true, value: skipped === undefined ? null : `"${skipped}" was skipped` };
  }
  const rendering = createRendering(evaluator, sight);
  const isWanted = rendering.condition("when", step.when);
  return rendering.outcome(isWanted ? null : `"${step.when}" is not true`);
}

function passesOn(node: TaskNode | undefined): boolean {
  return node?.state.status === "skipped" && node.state.passesOn;
}

/** A step that can't begin has failed in an attempt that nobody has made. */
function fail(
  walk: Walk,
  place: Place,
  step: Step,
  before: TaskNode | undefined,
  failure: StepFailure,
): TaskNode {
  const attempt = (before?.state.attempt ?? 0) + 1;
  return enter(walk, place, step, before, { status: "failed", attempt, failure, output: {} });
}
