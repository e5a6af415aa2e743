import type { Failure } from "../../failure.ts";
import type { FlowEvent } from "../../flows/event.ts";
import { exitCodeOfEnd } from "../../flows/outcome.ts";
import type { FlowStore } from "../../flows/store.ts";
import { describeFlowEvent } from "../../flows/view/wording.ts";
import { leaveCode } from "../leave-code.ts";
import { escapeInJson, plainLine } from "../../text/plain.ts";
import { reportFailure } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowLogsCommand } from "./command.ts";
import { readKnownFlow } from "./known-flow.ts";
import { withFlowsToLook } from "./open-flows.ts";

/** `delegate flow logs <id>`: what has happened, and with `--follow` what happens. */
export async function printFlowLogs(command: FlowLogsCommand, shell: Shell): Promise<number> {
  const refuse = (reason: Failure): number => reportFailure(reason, shell);
  return withFlowsToLook(command, shell, refuse, async ({ store }) => {
    const state = await readKnownFlow(store, command.flowRunId);
    return state.ok ? print(command, store, shell) : refuse(state.failure);
  });
}

async function print(command: FlowLogsCommand, store: FlowStore, shell: Shell): Promise<number> {
  let lastSeq = 0;
  let end: FlowEvent | null = null;
  for (;;) {
    const events = await store.events(command.flowRunId, lastSeq);
    if (!events.ok) return reportFailure(events.failure, shell);
    lastSeq = events.value.at(-1)?.seq ?? lastSeq;
    shell.stdout.write(textOf(events.value, command));
    end = events.value.reduce(endAfter, end);
    if (!command.isFollowing || shell.stdout.isAbandoned) return 0;
    if (end?.type === "flow_ended") return exitCodeOfEnd(end.end);
    if (shell.signal.aborted) return leaveCode(shell.signal);
    await store.changed(shell.signal);
  }
}

function textOf(events: readonly FlowEvent[], { afterSeq, isJson }: FlowLogsCommand): string {
  return events
    .filter(({ seq }) => seq > (afterSeq ?? 0))
    .map((event) =>
      isJson
        ? `${escapeInJson(JSON.stringify(event))}\n`
        : `${event.at} ${plainLine(describeFlowEvent(event))}\n`,
    )
    .join("");
}

/** A flow run that has ended goes on when somebody has a step done again. */
function endAfter(end: FlowEvent | null, event: FlowEvent): FlowEvent | null {
  if (event.type === "flow_ended") return event;
  return event.type === "step_forgotten" ? null : end;
}
