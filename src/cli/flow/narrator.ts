import type { FlowEvent } from "../../flows/event.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import type { FlowView } from "../../flows/view/view.ts";
import { pictureOf } from "../../flows/watch/picture.ts";
import { describeFlowEvent } from "../../flows/view/wording.ts";
import type { CommonOptions } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";
import { canRedraw } from "../terminal/writer.ts";
import { openLiveTree } from "./open-live-tree.ts";

/** Tells on stderr how a flow run goes. */
export interface Narrator {
  /** How often it wants to show what has become of time alone, in milliseconds. */
  readonly paceMs: number;
  /** What has happened, and how all stands now. */
  show(events: readonly FlowEvent[], view: FlowView): void;
  /** Lines that stay. */
  say(lines: readonly string[]): void;
  /** Takes away what was drawn; may be called again. */
  close(): void;
}

const CALM_MS = 2_000;
const LIVE_MS = 250;

/** Tells nothing. */
export const silentNarrator: Narrator = {
  paceMs: CALM_MS,
  show: () => undefined,
  say: () => undefined,
  close: () => undefined,
};

/** A live tree on a terminal; lines with `--verbose`; otherwise only what has to be said. */
export async function openNarrator(
  options: CommonOptions,
  request: FlowRequest,
  shell: Shell,
): Promise<Narrator> {
  const write = (line: string): void => shell.stderr.write(`${line}\n`);
  const say = (lines: readonly string[]): void => lines.forEach(write);
  if (options.isVerbose) {
    const tell = (event: FlowEvent): void =>
      write(
        plainLine(`${event.at.slice(11, 23)} ${request.flowRunId} ${describeFlowEvent(event)}`),
      );
    return { ...silentNarrator, show: (events) => events.forEach(tell), say };
  }
  if (options.isQuiet || !canRedraw(shell.stderr, shell.env)) return { ...silentNarrator, say };
  return openLiveNarrator(request, shell);
}

async function openLiveNarrator({ flow, flowRunId }: FlowRequest, shell: Shell): Promise<Narrator> {
  const tree = await openLiveTree(shell.stderr, 2);
  return {
    paceMs: LIVE_MS,
    show: (_events, view) => {
      const screen = { ...tree.room, plain: plainLine };
      tree.draw(pictureOf({ flowRunId, flow, view }, shell.clock.nowMs(), screen));
    },
    say: (lines) => tree.stay(lines),
    close: () => tree.erase(),
  };
}
