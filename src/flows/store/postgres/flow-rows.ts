import { toIso } from "../../../clock.ts";
import { flowStatusOf } from "../flow-status.ts";
import { taskAt } from "../../tree/place.ts";
import type { TaskNode } from "../../tree/tree.ts";
import { askedAtOf, dueAtOf, goneToOf, isTimed, textOrNull } from "../column-values.ts";
import type { FlowCopy } from "../flow-copies.ts";
import { laneOf } from "../lanes.ts";
import type { Writing } from "../ledger.ts";

/** What stands in a column. */
type Cell = string | number | boolean | null;
/** What stands in the columns of one row, in their order. */
export type Cells = readonly Cell[];

/** What is to be written of a flow run, in the order of the columns in `write-rows.ts`. */
export interface FlowRows {
  readonly flow: Cells;
  readonly tasks: readonly Cells[];
  readonly events: readonly Cells[];
}

/** What has become of a flow run: its rows, and the copy of how it is then. */
export function rowsOf(
  before: FlowCopy,
  writing: Writing,
  nowMs: number,
): { readonly rows: FlowRows; readonly after: FlowCopy } {
  const { number } = before;
  const { tree, used, happenings } = writing;
  const revision = before.revision + 1;
  const lastSeq = before.lastSeq + happenings.length;
  const states = statesOf(writing);
  const at = toIso(nowMs);
  let { bytes } = before;
  for (const { text } of states) bytes += text.length;
  return {
    after: { number, tree, revision, lastSeq, used, bytes },
    rows: {
      flow: [
        number,
        revision,
        lastSeq,
        used.costUsd,
        used.tokens,
        flowStatusOf(tree),
        textOrNull(tree.cancel),
        textOrNull(tree.end),
        tree.end === null ? null : at,
      ],
      tasks: states.map((state) => [number, revision, ...taskCells(number, state, writing, nowMs)]),
      events: happenings.map((happening, index) => [
        number,
        before.lastSeq + index + 1,
        at,
        JSON.stringify(happening),
      ]),
    },
  };
}

interface TaskText {
  readonly key: string;
  readonly node: TaskNode;
  readonly text: string;
}

function statesOf({ tree, keys }: Writing): readonly TaskText[] {
  return [...keys].flatMap((key) => {
    const node = taskAt(tree, key);
    return node === null ? [] : [{ key, node, text: JSON.stringify(node.state) }];
  });
}

function taskCells(
  flow: number,
  { key, node, text }: TaskText,
  { tree, claims }: Writing,
  nowMs: number,
): Cells {
  const { step, state } = node;
  const claim = claims.get(key) ?? null;
  return [
    key,
    step.id,
    state.status,
    state.attempt,
    isTimed(node),
    dueAtOf(node, nowMs),
    askedAtOf(node),
    goneToOf(node),
    laneOf(tree, flow, node),
    claim?.worker ?? null,
    claim?.held?.costUsd ?? null,
    claim?.held?.tokens ?? null,
    text,
  ];
}
