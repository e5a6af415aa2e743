import type { FlowEvent, FlowHappening } from "../event.ts";
import type { FlowRequest } from "../flow-run.ts";
import type { FlowRunStatus, FlowSummary } from "../store.ts";
import type { Row } from "./columns.ts";
import { numberOf, optionalTextOf, textOf } from "./columns.ts";
import type { FlowCopy } from "./flow-copies.ts";

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

/** What a copy of a flow run counts, from its row. */
export function countsOf(row: Row): Pick<FlowCopy, "revision" | "lastSeq" | "used"> {
  return {
    revision: numberOf(row, "revision"),
    lastSeq: numberOf(row, "last_seq"),
    used: { costUsd: numberOf(row, "used_cost_usd"), tokens: numberOf(row, "used_tokens") },
  };
}

/** What was asked for. */
export function requestOf(row: Row | null): FlowRequest {
  const request: FlowRequest = JSON.parse(textOf(row, "request"));
  return request;
}

/** An event of a flow run, from its row. */
export function eventOf(flowRunId: string, row: Row): FlowEvent {
  const happening: FlowHappening = JSON.parse(textOf(row, "happening"));
  return { flowRunId, seq: numberOf(row, "seq"), at: textOf(row, "at"), ...happening };
}
