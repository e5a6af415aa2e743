import { toIso } from "../../../clock.ts";
import type { FlowHappening } from "../../event.ts";
import { bugEnd } from "../bug-end.ts";
import { textOf } from "../columns.ts";
import type { Database } from "./database.ts";

/** Ends a flow run that can't be decided on, by its rows alone; the value says so for people. */
export function endByBug(database: Database, flow: number, error: unknown, nowMs: number): string {
  const end = bugEnd(error);
  database.run(
    `UPDATE task SET status = 'canceled', state = json_object('status', 'canceled', 'attempt', attempt),
       lane = NULL, due_at_ms = NULL, owner = NULL, held_cost_usd = NULL, held_tokens = NULL,
       revision = (SELECT revision + 1 FROM flow WHERE number = ?1)
     WHERE flow = ?1 AND status IN ('ready', 'running', 'waiting', 'undecided', 'open')`,
    flow,
  );
  const row = database.first(
    `UPDATE flow SET status = 'failed', end = ?2, ended_at = ?3, revision = revision + 1, last_seq = last_seq + 1
     WHERE number = ?1 RETURNING id`,
    flow,
    JSON.stringify(end),
    toIso(nowMs),
  );
  const happening: FlowHappening = { type: "flow_ended", end };
  database.run(
    "INSERT INTO event (flow, seq, at, happening) SELECT number, last_seq, ?2, ?3 FROM flow WHERE number = ?1",
    flow,
    toIso(nowMs),
    JSON.stringify(happening),
  );
  return `flow run ${textOf(row, "id")} has ended: ${end.failure.message}`;
}
