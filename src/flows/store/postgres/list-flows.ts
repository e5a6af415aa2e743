import type { FlowFilter, FlowSummary } from "../../store.ts";
import { summaryOf } from "../read-rows.ts";
import type { Database } from "./database.ts";

/** The newest first; an index answers every filter. */
export async function listFlows(
  database: Database,
  { name, status, limit }: FlowFilter,
): Promise<readonly FlowSummary[]> {
  const asked = { name, status };
  const conditions: string[] = [];
  const values: string[] = [];
  for (const [column, value] of Object.entries(asked)) {
    if (value === null) continue;
    values.push(value);
    conditions.push(`${column} = $${values.length}`);
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const rows = await database.rows(
    `SELECT id, name, status, author, created_at, ended_at FROM delegate.flow ${where}
     ORDER BY number DESC LIMIT $${values.length + 1}`,
    ...values,
    limit,
  );
  return rows.map(summaryOf);
}
