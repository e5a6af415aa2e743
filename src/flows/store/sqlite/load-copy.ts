import { refreshTree, treeOf } from "../../tree/apply.ts";
import { numberOf, textOf } from "../columns.ts";
import type { Row } from "../columns.ts";
import type { Database } from "./database.ts";
import type { FlowCopy } from "../flow-copies.ts";
import { countsOf } from "../read-rows.ts";
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
  const bytes = rows.reduce((sum, task) => sum + textOf(task, "state").length, older.bytes);
  const tree = refreshTree(older.tree, { tasks: rows.map(taskOf), ...endingOf(row) });
  return { ...older, tree, bytes, ...countsOf(row) };
}
