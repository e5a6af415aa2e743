import type { FlowEvent } from "../../event.ts";
import { eventOf } from "../read-rows.ts";
import type { Database } from "./database.ts";

/** The events of a flow run with a higher number, in order. */
export async function readEvents(
  database: Database,
  flowRunId: string,
  afterSeq: number,
): Promise<readonly FlowEvent[]> {
  const rows = await database.rows(
    `SELECT seq, at, happening FROM delegate.event
     WHERE flow = (SELECT number FROM delegate.flow WHERE id = $1) AND seq > $2 ORDER BY seq`,
    flowRunId,
    afterSeq,
  );
  return rows.map((row) => eventOf(flowRunId, row));
}
