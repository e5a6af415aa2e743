import type { EscalationRules } from "../../questions/routing.ts";
import { waitsInLine } from "../../questions/routing.ts";
import type { TaskChange } from "../tree/change.ts";
import { taskAt } from "../tree/place.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree } from "../tree/tree.ts";

/** A step of which somebody is told, and how it stands then. */
export interface Escalation {
  readonly to: string;
  readonly change: TaskChange;
}

/** A step that has waited for people so long that the next in line is told; null when it is not time for that. */
export function escalateTask(
  tree: FlowTree,
  key: TaskKey,
  rules: EscalationRules,
  nowMs: number,
): Escalation | null {
  const node = taskAt(tree, key);
  if (node?.state.status !== "waiting" || node.state.asked === undefined) return null;
  const { atMs, goneTo } = node.state.asked;
  const to = rules.escalateTo[goneTo.length];
  const waitMs = waitsInLine(rules)[goneTo.length];
  if (to === undefined || waitMs === undefined || nowMs < atMs + waitMs) return null;
  const state = { ...node.state, asked: { atMs, goneTo: [...goneTo, to] } };
  const happenings = [{ type: "step_escalated", key, to }] as const;
  return { to, change: { kind: "task", key, stepId: node.step.id, state, happenings } };
}
