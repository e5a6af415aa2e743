import type { FlowState } from "../../flow-run.ts";
import type { Task, TaskKey, TaskState } from "../../task.ts";
import type { Row } from "../columns.ts";
import { numberOf, optionalTextOf, textOf } from "../columns.ts";
import { requestOf } from "../read-rows.ts";
import type { Asked } from "./database.ts";

/** The number under which a flow run is kept, or null when there is none with this id. */
export async function findFlow(asked: Asked, flowRunId: string): Promise<number | null> {
  const row = await asked.first("SELECT number FROM delegate.flow WHERE id = $1", flowRunId);
  return row === null ? null : numberOf(row, "number");
}

/** The whole state, as it is kept; null when there is no such flow run. */
export async function readState(asked: Asked, flowRunId: string): Promise<FlowState | null> {
  const row = await asked.first(
    `SELECT flow.cancel, flow.ending, request.request, (SELECT ${TASKS} FROM delegate.task WHERE task.flow = flow.number) AS tasks
     FROM delegate.flow JOIN delegate.request ON request.flow = flow.number WHERE flow.id = $1`,
    flowRunId,
  );
  if (row === null) return null;
  const tasks = new Map(tasksOf(row).map((task) => [task.key, task]));
  return { request: requestOf(row), tasks, ...endingOf(row) };
}

/** As a list, in the order in which they came about, so that what holds others comes before them. */
export const TASKS =
  "coalesce(json_agg(json_build_array(task.key, task.step_id, task.state) ORDER BY task.number), '[]')";

/** The steps of a row as they stand, as `TASKS` asks for them. */
export function tasksOf(row: Row): readonly Task[] {
  const tasks: readonly (readonly [TaskKey, string, TaskState])[] = JSON.parse(
    textOf(row, "tasks"),
  );
  return tasks.map(([key, stepId, state]) => ({ key, stepId, ...state }));
}

/** Whether somebody cancels it, and how it ended. */
export function endingOf(row: Row): Pick<FlowState, "cancel" | "end"> {
  const cancel: FlowState["cancel"] = JSON.parse(optionalTextOf(row, "cancel") ?? "null");
  const end: FlowState["end"] = JSON.parse(optionalTextOf(row, "ending") ?? "null");
  return { cancel, end };
}
