import type { FlowEvent, FlowHappening } from "../../event.ts";
import type { Row } from "../columns.ts";
import { numberOf, textOf } from "../columns.ts";
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

function eventOf(flowRunId: string, row: Row): FlowEvent {
  const happening: FlowHappening = JSON.parse(textOf(row, "happening"));
  return { flowRunId, seq: numberOf(row, "seq"), at: textOf(row, "at"), ...happening };
}
