import type { FlowRunStatus, FlowSummary } from "../store.ts";
import type { Row } from "./columns.ts";
import { optionalTextOf, textOf } from "./columns.ts";

/** A line of the list, from the row of a flow run. */
export function summaryOf(row: Row): FlowSummary {
  return {
    flowRunId: textOf(row, "id"),
    name: textOf(row, "name"),
    status: statusOf(textOf(row, "status")),
    author: textOf(row, "author"),
    createdAt: textOf(row, "created_at"),
    endedAt: optionalTextOf(row, "ended_at"),
  };
}

const statuses: readonly FlowRunStatus[] = ["running", "waiting", "complete", "failed", "canceled"];

function statusOf(text: string): FlowRunStatus {
  const status = statuses.find((known) => known === text);
  if (status === undefined) throw new Error(`no status of a flow run: ${text}`);
  return status;
}
