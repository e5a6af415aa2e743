import type { Lane } from "./places.ts";
import type { FlowTree, TaskNode } from "../tree/tree.ts";
import type { Work } from "../work.ts";

/** What steps have in common that stand in one line. */
export interface BudgetLane extends Lane {
  /** The flow run on whose budget they draw, or null: these begin strictly in their order. */
  readonly budgetOf: number | null;
  /** The folder in which they are carried out, or null for those that need none of their flow run. */
  readonly folder: string | null;
}

/** The text by which tasks of a lane are found; null for a task that nobody carries out now. */
export function laneOf(tree: FlowTree, flow: number, { step, state }: TaskNode): string | null {
  if (state.status !== "ready" && state.status !== "running") return null;
  const drawsOnBudget = tree.request.flow.budget !== null && state.work.kind === "agent";
  const group = "group" in step ? step.group : null;
  const folder = needsFolder(state.work) ? tree.request.cwd : null;
  return JSON.stringify([agentOf(state.work), group, drawsOnBudget ? flow : null, folder]);
}

/** What stands in the text of a lane. */
export function parseLane(text: string): BudgetLane {
  // The last one is missing where an earlier version wrote it.
  const [agent, group, budgetOf, folder = null]: readonly [
    string | null,
    string | null,
    number | null,
    (string | null)?,
  ] = JSON.parse(text);
  return { agent, group, budgetOf, folder };
}

function agentOf(work: Work): string | null {
  if (work.kind === "agent") return work.agent;
  return work.kind === "ask" ? work.foreman : null;
}

function needsFolder(work: Work): boolean {
  return work.kind === "run" || (work.kind === "approve" && work.show !== null);
}
