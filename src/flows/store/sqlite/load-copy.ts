import { applyChanges } from "../../apply.ts";
import type { FlowChange } from "../../change.ts";
import { treeOf } from "../../apply.ts";
import { numberOf, textOf } from "../columns.ts";
import type { Row } from "../columns.ts";
import type { Database } from "./database.ts";
import type { FlowCopy } from "../flow-copies.ts";
import { endingOf, readState, taskOf } from "./read-flow.ts";

/** The flow run as it is now, from an older copy where there is one; null when it was removed. */
export function loadCopy(
  database: Database,
  number: number,
  older: FlowCopy | null,
): FlowCopy | null {
  const row = database.first("SELECT * FROM flow WHERE number = ?", number);
  if (row === null) return null;
  if (older === null) return wholeCopy(database, number, row);
  return numberOf(row, "revision") === older.revision ? older : newerCopy(database, older, row);
}

function wholeCopy(database: Database, number: number, row: Row): FlowCopy {
  const size = database.first(
    "SELECT (SELECT sum(length(state)) FROM task WHERE flow = ?1) AS states, (SELECT length(request) FROM request WHERE flow = ?1) AS request",
    number,
  );
  return {
    number,
    tree: treeOf(readState(database, number)),
    bytes: Number(size?.["states"] ?? 0) + Number(size?.["request"] ?? 0),
    ...countsOf(row),
  };
}

/** Reads only what others have written since. */
function newerCopy(database: Database, older: FlowCopy, row: Row): FlowCopy {
  const rows = database.all(
    "SELECT * FROM task WHERE flow = ? AND revision > ? ORDER BY number",
    older.number,
    older.revision,
  );
  const { cancel, end } = endingOf(row);
  const changes: FlowChange[] = rows.map(changeOf);
  changes.push({ kind: "cancel", cancel, happenings: [] }, { kind: "end", end, happenings: [] });
  const bytes = rows.reduce((sum, task) => sum + textOf(task, "state").length, older.bytes);
  return { ...older, tree: applyChanges(older.tree, changes), bytes, ...countsOf(row) };
}

function changeOf(row: Row): FlowChange {
  const { key, stepId, ...state } = taskOf(row);
  return { kind: "task", key, stepId, state, happenings: [] };
}

function countsOf(row: Row): Pick<FlowCopy, "revision" | "lastSeq" | "used"> {
  return {
    revision: numberOf(row, "revision"),
    lastSeq: numberOf(row, "last_seq"),
    used: { costUsd: numberOf(row, "used_cost_usd"), tokens: numberOf(row, "used_tokens") },
  };
}
