import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { exitCodeOfEnd } from "../../flows/outcome.ts";
import type { FlowStore } from "../../flows/store.ts";
import { leaveCode } from "../leave-code.ts";
import { reportFailure } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowWatchCommand } from "./command.ts";
import { flowUnknown } from "./known-flow.ts";
import { withFlowsToLook } from "./open-flows.ts";
import { WatchedFlows } from "./watched-flows.ts";
import type { SeenFlow } from "./watched-flows.ts";
import type { FlowWatchView } from "./watch-view.ts";
import { openFlowWatchView } from "./watch-view.ts";

/** More flow runs at once are not watched unless they are named. */
const MOST_UNNAMED = 20;

/** `delegate flow watch [id…]`: how flow runs stand, live. */
export async function watchFlows(command: FlowWatchCommand, shell: Shell): Promise<number> {
  const refuse = (reason: Failure): number => reportFailure(reason, shell);
  const isStaying = command.flowRunIds.length === 0;
  return withFlowsToLook({ ...command, isStaying }, shell, refuse, async ({ store }) => {
    const view = await openFlowWatchView(command.isPlain, shell);
    try {
      const ended = await stay(command, store, view, shell);
      if (!ended.ok) return refuse(ended.failure);
      if (ended.value === null) return leaveCode(shell.signal);
      return command.hasExitStatus ? firstFailure(ended.value) : 0;
    } finally {
      view.close();
    }
  });
}

/** Until all that are named have ended, or nobody looks any more; null when it was told to leave. */
async function stay(
  command: FlowWatchCommand,
  store: FlowStore,
  view: FlowWatchView,
  shell: Shell,
): Promise<Result<readonly SeenFlow[] | null>> {
  const watched = new WatchedFlows(store);
  const ended: SeenFlow[] = [];
  for (const flowRunId of command.flowRunIds) {
    const known = await watched.add(flowRunId);
    if (!known.ok) return known;
    if (!known.value) return failure(flowUnknown(flowRunId));
  }
  for (;;) {
    if (command.flowRunIds.length === 0) {
      const found = await addUnended(store, watched);
      if (!found.ok) return found;
    }
    const read = await watched.read();
    if (!read.ok) return read;
    ended.push(...read.value.filter(({ view: { end } }) => end !== null));
    view.show(read.value, watched.flows);
    if (command.flowRunIds.length > 0 && watched.flows.length === 0) return success(ended);
    if (shell.stdout.isAbandoned) return success(ended);
    if (shell.signal.aborted) return success(null);
    await store.changed(AbortSignal.any([shell.signal, AbortSignal.timeout(view.paceMs)]));
  }
}

async function addUnended(store: FlowStore, watched: WatchedFlows): Promise<Result<null>> {
  for (const status of ["running", "waiting"] as const) {
    const listed = await store.list({ name: null, status, limit: MOST_UNNAMED });
    if (!listed.ok) return listed;
    for (const { flowRunId } of listed.value.toReversed()) {
      const added = await watched.add(flowRunId);
      if (!added.ok) return added;
    }
  }
  return success(null);
}

function firstFailure(ended: readonly SeenFlow[]): number {
  const codes = ended
    .toSorted((a, b) => (a.view.end?.atMs ?? 0) - (b.view.end?.atMs ?? 0))
    .map(({ view: { end } }) => (end === null ? 0 : exitCodeOfEnd(end.how)));
  return codes.find((code) => code !== 0) ?? 0;
}
