import type { RunEvent, Sink } from "../../events/event.ts";
import { defaultSettings } from "../../questions/routing.ts";
import { awaitRun } from "../../run/delegation.ts";
import type { RunTools } from "../../run/ports.ts";
import { runsWithDueEscalations } from "../../run/questions/due-escalations.ts";
import type { RunRequest } from "../../run/stored/request.ts";

/**
 * Sees to it that what the agents of waiting steps ask goes to the next in line when it is time: nobody drives their
 * runs meanwhile. Such a run is taken up, tells whose turn it is, and is left again at once.
 */
export async function raiseEscalations(
  tools: RunTools,
  isWaiting: (run: RunRequest) => Promise<boolean>,
  say: (words: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { config, clock } = tools;
  const settings = config.questions ?? defaultSettings;
  const ownTools: RunTools = {
    ...tools,
    sinks: [...tools.sinks, escalationsTo(say)],
    onQuestion: "exit",
  };
  for (const run of runsWithDueEscalations(config.handoffDir, settings, clock.nowMs())) {
    if (signal.aborted) return;
    if (await isWaiting(run)) await awaitRun(run.runId, ownTools, signal, false);
  }
}

function escalationsTo(say: (words: string) => void): Sink {
  return {
    record: (event: RunEvent) => {
      if (event.type === "question_escalated")
        say(`${event.questionId} is still open and goes to ${event.to}`);
    },
  };
}
