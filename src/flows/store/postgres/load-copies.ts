import { refreshTree, treeOf } from "../../tree/apply.ts";
import type { Row } from "../columns.ts";
import { numberOf, textOf } from "../columns.ts";
import type { FlowCopies, FlowCopy } from "../flow-copies.ts";
import type { Asked } from "./database.ts";
import { countsOf, requestOf } from "../read-rows.ts";
import { endingOf, TASKS, tasksOf } from "./read-flow.ts";

/** No revision is older than this one. */
const NOTHING_KNOWN = -1;

/** Flow runs as they are now; of those of which there are copies, only what is newer is read. */
export async function loadCopies(
  asked: Asked,
  numbers: readonly number[],
  copies: FlowCopies,
): Promise<ReadonlyMap<number, FlowCopy>> {
  const rows = await asked.rows(
    `SELECT flow.*, request.request, (SELECT ${TASKS} FROM delegate.task
       WHERE task.flow = known.flow AND task.revision > known.revision) AS tasks
     FROM unnest($1::bigint[], $2::integer[]) AS known (flow, revision)
     JOIN delegate.flow ON flow.number = known.flow
     LEFT JOIN delegate.request ON request.flow = known.flow AND known.revision = ${NOTHING_KNOWN}`,
    numbers,
    numbers.map((number) => copies.get(number)?.revision ?? NOTHING_KNOWN),
  );
  const loaded = rows.map((row): [number, FlowCopy] => {
    const number = numberOf(row, "number");
    const older = copies.get(number);
    return [number, older === null ? wholeCopy(number, row) : newerCopy(older, row)];
  });
  return new Map(loaded);
}

function wholeCopy(number: number, row: Row): FlowCopy {
  const tasks = new Map(tasksOf(row).map((task) => [task.key, task]));
  return {
    number,
    tree: treeOf({ request: requestOf(row), tasks, ...endingOf(row) }),
    bytes: textOf(row, "tasks").length + textOf(row, "request").length,
    ...countsOf(row),
  };
}

function newerCopy(older: FlowCopy, row: Row): FlowCopy {
  if (numberOf(row, "revision") === older.revision) return older;
  const tree = refreshTree(older.tree, { tasks: tasksOf(row), ...endingOf(row) });
  return { ...older, tree, bytes: older.bytes + textOf(row, "tasks").length, ...countsOf(row) };
}
