import { toIso } from "../../../clock.ts";
import type { FlowHappening } from "../../event.ts";
import type { FlowEnd } from "../../flow-run.ts";
import type { Transaction } from "./database.ts";

/** Ends a flow run that can't be decided on, by its rows alone. */
export async function endFlow(transaction: Transaction, flow: number, end: FlowEnd): Promise<void> {
  const at = toIso(transaction.nowMs);
  await transaction.rows(
    `UPDATE delegate.task SET status = 'canceled', state = json_build_object('status', 'canceled', 'attempt', attempt),
       lane = NULL, due_at_ms = NULL, owner = NULL, held_cost_usd = NULL, held_tokens = NULL,
       revision = (SELECT revision + 1 FROM delegate.flow WHERE number = $1)
     WHERE flow = $1 AND status IN ('ready', 'running', 'waiting', 'undecided', 'open')`,
    flow,
  );
  await transaction.rows(
    `UPDATE delegate.flow SET status = 'failed', ending = $2::json, ended_at = $3, revision = revision + 1, last_seq = last_seq + 1
     WHERE number = $1`,
    flow,
    JSON.stringify(end),
    at,
  );
  const happening: FlowHappening = { type: "flow_ended", end };
  await transaction.rows(
    `INSERT INTO delegate.event (flow, seq, at, happening)
     SELECT number, last_seq, $2, $3::json FROM delegate.flow WHERE number = $1`,
    flow,
    at,
    JSON.stringify(happening),
  );
}
