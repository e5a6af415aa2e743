import type { WatchedFlow } from "../../flows/watch/picture.ts";
import { pictureOf } from "../../flows/watch/picture.ts";
import { describeFlowEvent } from "../../flows/view/wording.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";
import { canRedraw } from "../terminal/writer.ts";
import type { LiveLines } from "../../follow/live-lines.ts";
import { openLiveTree } from "./open-live-tree.ts";
import type { SeenFlow } from "./watched-flows.ts";

/** Somebody who is shown how flow runs stand. */
export interface FlowWatchView {
  /** How often it wants to show what has become of time alone, in milliseconds. */
  readonly paceMs: number;
  /** What has changed, and all that have not ended. */
  show(changed: readonly SeenFlow[], underWay: readonly WatchedFlow[]): void;
  close(): void;
}

const PLAIN_MS = 2_000;
const LIVE_MS = 250;

/** Live trees on a terminal; elsewhere, and where nothing may move, lines. */
export async function openFlowWatchView(isPlain: boolean, shell: Shell): Promise<FlowWatchView> {
  const { stdout, env } = shell;
  if (isPlain || !canRedraw(stdout, env) || (env["NO_COLOR"] ?? "") !== "")
    return { paceMs: PLAIN_MS, show: (changed) => tell(changed, shell), close: () => undefined };
  const tree = await openLiveTree(stdout, 1);
  return {
    paceMs: LIVE_MS,
    show: (changed, underWay) => draw(tree, changed, underWay, shell.clock.nowMs()),
    close: () => tree.finish(),
  };
}

function tell(changed: readonly SeenFlow[], { stdout }: Shell): void {
  const lines = changed.flatMap(({ flowRunId, events }) =>
    events.map((event) => `${event.at} ${flowRunId} ${describeFlowEvent(event)}`),
  );
  if (lines.length > 0) stdout.write(`${lines.map(plainLine).join("\n")}\n`);
}

/** What has ended stays above, whole; those under way share the screen. */
function draw(
  tree: LiveLines,
  changed: readonly SeenFlow[],
  underWay: readonly WatchedFlow[],
  nowMs: number,
): void {
  const { columns, rows } = tree.room;
  const screen = (share: number) => ({ columns, rows: share, plain: plainLine });
  const ended = changed.filter(({ view: { end } }) => end !== null);
  const whole = ended.flatMap((flow) => pictureOf(flow, nowMs, screen(Infinity)));
  const share = Math.max(1, Math.floor(rows / Math.max(1, underWay.length)));
  const lines = underWay.flatMap((flow) => pictureOf(flow, nowMs, screen(share)));
  const none = ended.length > 0 ? [] : ["no flow run is under way; Ctrl-C ends"];
  tree.draw(underWay.length === 0 ? none : lines.slice(0, rows), whole);
}
