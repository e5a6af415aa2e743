import type { Lane } from "../places.ts";
import type { FlowTree, TaskNode } from "../tree.ts";
import type { Work } from "../work.ts";

/** A lane in one flow run's budget, if the step draws on it: its steps begin strictly in their order. */
export interface BudgetLane extends Lane {
  readonly budgetOf: number | null;
}

/** The text by which tasks of a lane are found; null for a task that nobody carries out now. */
export function laneOf(tree: FlowTree, flow: number, { step, state }: TaskNode): string | null {
  if (state.status !== "ready" && state.status !== "running") return null;
  const drawsOnBudget = tree.request.flow.budget !== null && state.work.kind === "agent";
  const group = "group" in step ? step.group : null;
  return JSON.stringify([agentOf(state.work), group, drawsOnBudget ? flow : null]);
}

/** What stands in the text of a lane. */
export function parseLane(text: string): BudgetLane {
  const [agent, group, budgetOf]: readonly [string | null, string | null, number | null] =
    JSON.parse(text);
  return { agent, group, budgetOf };
}

function agentOf(work: Work): string | null {
  if (work.kind === "agent") return work.agent;
  return work.kind === "ask" ? work.foreman : null;
}
