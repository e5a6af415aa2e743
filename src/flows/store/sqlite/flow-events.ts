import type { FlowEvent } from "../../event.ts";
import { eventOf } from "../read-rows.ts";
import type { Database } from "./database.ts";

/** The events of a flow run with a higher number, in order. */
export function readEvents(
  database: Database,
  flowRunId: string,
  afterSeq: number,
): readonly FlowEvent[] {
  return database
    .all(
      `SELECT seq, at, happening FROM event
       WHERE flow = (SELECT number FROM flow WHERE id = ?) AND seq > ? ORDER BY seq`,
      flowRunId,
      afterSeq,
    )
    .map((row) => eventOf(flowRunId, row));
}
