import { toIso } from "../../../clock.ts";
import type { FlowRequest } from "../../flow-run.ts";
import { flowStatusOf } from "../flow-status.ts";
import { taskAt } from "../../tree/place.ts";
import type { FlowTree } from "../../tree/tree.ts";
import { numberOf } from "../columns.ts";
import type { Database } from "./database.ts";
import { askedAtOf, dueAtOf, goneToOf, isTimed, textOrNull } from "../column-values.ts";
import type { FlowCopy } from "../flow-copies.ts";
import { laneOf } from "../lanes.ts";
import type { Writing } from "../ledger.ts";

/** Makes the row of a flow run that has not begun; the value is its number. */
export function insertFlow(database: Database, request: FlowRequest): number {
  const row = database.first(
    "INSERT INTO flow (id, name, status, author, created_at) VALUES (?, ?, 'running', ?, ?) RETURNING number",
    request.flowRunId,
    request.flow.name,
    request.author,
    request.createdAt,
  );
  const number = numberOf(row, "number");
  database.run(
    "INSERT INTO request (flow, request) VALUES (?, ?)",
    number,
    JSON.stringify(request),
  );
  return number;
}

/** Writes what has changed since a copy was made; the value is the copy of how it is now. */
export function writeFlow(
  database: Database,
  before: FlowCopy,
  writing: Writing,
  nowMs: number,
): FlowCopy {
  const { tree, used } = writing;
  const revision = before.revision + 1;
  const bytes = writeTasks(database, before.number, revision, writing, nowMs);
  const lastSeq = writeEvents(database, before, writing, nowMs);
  database.run(
    "UPDATE flow SET revision = ?2, last_seq = ?3, used_cost_usd = ?4, used_tokens = ?5 WHERE number = ?1",
    before.number,
    revision,
    lastSeq,
    used.costUsd,
    used.tokens,
  );
  writeStanding(database, before, tree, nowMs);
  return { number: before.number, tree, revision, lastSeq, used, bytes: before.bytes + bytes };
}

/** Apart from the rest, and seldom: indexes depend on it, and all of them would be written each time. */
function writeStanding(
  database: Database,
  { number, tree: before }: FlowCopy,
  tree: FlowTree,
  nowMs: number,
): void {
  const status = flowStatusOf(tree);
  const isSame =
    before.cancel === tree.cancel && before.end === tree.end && flowStatusOf(before) === status;
  if (isSame) return;
  database.run(
    `UPDATE flow SET cancel = ?2, end = ?3, status = ?4,
     ended_at = iif(?5 IS NULL, NULL, coalesce(ended_at, ?5)) WHERE number = ?1`,
    number,
    textOrNull(tree.cancel),
    textOrNull(tree.end),
    status,
    tree.end === null ? null : toIso(nowMs),
  );
}

function writeTasks(
  database: Database,
  flow: number,
  revision: number,
  { tree, keys, claims }: Writing,
  nowMs: number,
): number {
  let bytes = 0;
  for (const key of keys) {
    const node = taskAt(tree, key);
    if (node === null) continue;
    const state = JSON.stringify(node.state);
    bytes += state.length;
    const claim = claims.get(key) ?? null;
    database.run(
      upsertTask,
      flow,
      key,
      node.step.id,
      node.state.status,
      node.state.attempt,
      revision,
      Number(isTimed(node)),
      dueAtOf(node, nowMs),
      askedAtOf(node),
      goneToOf(node),
      laneOf(tree, flow, node),
      claim?.worker ?? null,
      claim?.held?.costUsd ?? null,
      claim?.held?.tokens ?? null,
      state,
    );
  }
  return bytes;
}

/** Who has a task, and what is held back for it, stays so as long as it runs. */
const upsertTask = `
  INSERT INTO task (flow, key, step_id, status, attempt, revision, is_timed, due_at_ms, asked_at_ms, gone_to, lane, owner, held_cost_usd, held_tokens, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (flow, key) DO UPDATE SET
    status = excluded.status, attempt = excluded.attempt, revision = excluded.revision,
    is_timed = excluded.is_timed, due_at_ms = excluded.due_at_ms,
    asked_at_ms = excluded.asked_at_ms, gone_to = excluded.gone_to, lane = excluded.lane, state = excluded.state,
    owner = iif(excluded.status = 'running', coalesce(excluded.owner, owner), NULL),
    held_cost_usd = iif(excluded.status = 'running', coalesce(excluded.held_cost_usd, held_cost_usd), NULL),
    held_tokens = iif(excluded.status = 'running', coalesce(excluded.held_tokens, held_tokens), NULL)
`;

function writeEvents(
  database: Database,
  { number, lastSeq }: FlowCopy,
  { happenings }: Writing,
  nowMs: number,
): number {
  const at = toIso(nowMs);
  for (const [index, happening] of happenings.entries()) {
    const sql = "INSERT INTO event (flow, seq, at, happening) VALUES (?, ?, ?, ?)";
    database.run(sql, number, lastSeq + index + 1, at, JSON.stringify(happening));
  }
  return lastSeq + happenings.length;
}
