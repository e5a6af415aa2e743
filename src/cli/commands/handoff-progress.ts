import type { Failure } from "../../failure.ts";
import { attemptFileName } from "../../handoff/paths.ts";
import { putSignOfLife } from "../../handoff/put.ts";
import { opennessOf } from "../../run/own-attempt.ts";
import { storageFailure } from "../../run/run-folder.ts";
import type { HandoffCommand } from "../command.ts";
import type { OwnRun } from "../runs/own-run.ts";
import { findOwnRun } from "../runs/own-run.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";

/** `delegate handoff progress "<text>"`: tells the caller that the agent is alive, what it does and how far it is. */
export async function runHandoffProgress(
  command: HandoffCommand & { action: "progress" },
  shell: Shell,
): Promise<number> {
  const found = findOwnRun(command, shell);
  if (!found.ok) return reportRefusal(found.failure, command.isJson, shell);
  const own = found.value;
  const { paths, attempt, request } = own;
  if (own.state.phase === "ended") return reportRefusal(nobodyHears(own), command.isJson, shell);
  const { text, percent } = command;
  try {
    const working = {
      status: "working",
      notes: text,
      ...(percent === null ? {} : { percent }),
    } as const;
    if (!putSignOfLife(paths.folder, attempt, working))
      return reportRefusal(handedOver(own), command.isJson, shell);
  } catch (error) {
    return reportRefusal(storageFailure(paths.folder, error), command.isJson, shell);
  }
  const { runId } = request;
  // Not on stdout: what a script prints there may be its handoff.
  if (command.isJson) reportJson({ runId, attempt, text, percent }, shell);
  else if (!command.isQuiet) shell.stderr.write(`run ${runId}, attempt ${attempt}: noted\n`);
  return 0;
}

function nobodyHears({ request: { runId }, state }: OwnRun): Failure {
  const status = state.phase === "ended" ? ` (${state.end.status})` : "";
  return {
    code: "run_conflict",
    message: `run ${runId} has ended already${status}: nobody hears how far you are`,
    hint:
      opennessOf(state) === "late"
        ? "finish and hand over all the same, with delegate handoff submit: it may still be taken"
        : `nothing is left to do here; delegate show ${runId} tells how it ended`,
  };
}

function handedOver({ request: { runId }, attempt }: OwnRun): Failure {
  return {
    code: "run_conflict",
    message: `${attemptFileName(attempt)} of run ${runId} holds a handoff already, or something that may become one`,
    hint: "it stays as it is; delegate handoff submit replaces it while the run goes on",
  };
}
