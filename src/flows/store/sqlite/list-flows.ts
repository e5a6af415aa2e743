import type { FlowFilter, FlowSummary } from "../../store.ts";
import { summaryOf } from "../read-rows.ts";
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
