import type { FlowRequest, FlowState } from "../../flow-run.ts";
import type { Task, TaskKey, TaskState } from "../../task.ts";
import { numberOf, optionalTextOf, textOf } from "../columns.ts";
import type { Row } from "../columns.ts";
import { requestOf } from "../read-rows.ts";
import type { Database } from "./database.ts";

/** The number under which a flow run is kept, or null when there is none with this id. */
export function findFlow(database: Database, flowRunId: string): number | null {
  const row = database.first("SELECT number FROM flow WHERE id = ?", flowRunId);
  return row === null ? null : numberOf(row, "number");
}

/** The whole state, as it is kept. */
export function readState(database: Database, flow: number): FlowState {
  const row = database.first("SELECT cancel, end FROM flow WHERE number = ?", flow);
  const tasks = new Map<TaskKey, Task>();
  // In the order in which they came about, so that what holds others comes before them.
  for (const task of database.all("SELECT * FROM task WHERE flow = ? ORDER BY number", flow))
    tasks.set(textOf(task, "key"), taskOf(task));
  return { request: readRequest(database, flow), tasks, ...endingOf(row) };
}

/** What was asked for. */
export function readRequest(database: Database, flow: number): FlowRequest {
  return requestOf(database.first("SELECT request FROM request WHERE flow = ?", flow));
}

/** Whether somebody cancels it, and how it ended. */
export function endingOf(row: Row | null): Pick<FlowState, "cancel" | "end"> {
  const cancel: FlowState["cancel"] = JSON.parse(optionalTextOf(row, "cancel") ?? "null");
  const end: FlowState["end"] = JSON.parse(optionalTextOf(row, "end") ?? "null");
  return { cancel, end };
}

/** A step as it stands. */
export function taskOf(row: Row): Task {
  const state: TaskState = JSON.parse(textOf(row, "state"));
  return { key: textOf(row, "key"), stepId: textOf(row, "step_id"), ...state };
}
