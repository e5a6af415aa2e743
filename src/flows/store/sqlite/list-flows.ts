import type { FlowFilter, FlowRunStatus, FlowSummary } from "../../store.ts";
import type { Row } from "./columns.ts";
import { optionalTextOf, textOf } from "./columns.ts";
import type { Database } from "./database.ts";

/** The newest first; an index answers every filter. */
export function listFlows(
  database: Database,
  { name, status, limit }: FlowFilter,
): readonly FlowSummary[] {
  const conditions = [
    ...(name === null ? [] : ["name = ?"]),
    ...(status === null ? [] : ["status = ?"]),
  ];
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const values = [name, status].filter((value) => value !== null);
  return database
    .all(`SELECT * FROM flow ${where} ORDER BY number DESC LIMIT ?`, ...values, limit)
    .map(summaryOf);
}

function summaryOf(row: Row): FlowSummary {
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
