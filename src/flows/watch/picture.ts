import type { Flow } from "../flow.ts";
import type { FlowView } from "../view/view.ts";
import type { TreeScreen } from "./lines.ts";
import { headLine, treeLines } from "./lines.ts";
import { watchRows } from "./rows.ts";
import { statusOfView } from "./status.ts";

/** A flow run that is watched. */
export interface WatchedFlow {
  readonly flowRunId: string;
  readonly flow: Flow;
  readonly view: FlowView;
}

/** A flow run as lines: how it stands, and its steps as a tree. */
export function pictureOf(
  { flowRunId, flow, view }: WatchedFlow,
  nowMs: number,
  screen: TreeScreen,
): readonly string[] {
  const head = headLine(flowRunId, view, statusOfView(view), nowMs, screen);
  if (screen.rows < 2) return [head];
  const tree = treeLines(watchRows(flow, view, nowMs), { ...screen, rows: screen.rows - 1 });
  return [head, ...tree];
}
