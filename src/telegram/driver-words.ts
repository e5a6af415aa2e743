import type { RunEvent } from "../events/event.ts";
import { endedSilently } from "./driver-fate.ts";
import { escapeLine } from "./html.ts";
import type { Post } from "./post.ts";
import type { RunStatus } from "./run-status.ts";

/** What people have to be told of the processes that drive a run; the rest is as it was before the event. */
export function driverWords(
  event: RunEvent,
  earlier: readonly RunEvent[],
  { agent, runId, openQuestions }: RunStatus,
): readonly Post[] {
  const name = escapeLine(agent, 100);
  const id = escapeLine(runId, 200);
  if (event.type === "driver_took_over" && endedSilently(earlier))
    return [
      {
        kind: "say",
        html: `💥 ${name}: the process that drove this run ended without a word. Another one goes on with it.\n<code>${id}</code>`,
      },
    ];
  if (event.type === "driver_left" && openQuestions.length > 0)
    return [
      {
        kind: "say",
        html: `⏳ ${name}: nobody waits for the answer any more. It is kept, and the run goes on with it at\n<code>delegate wait ${id}</code>`,
      },
    ];
  return [];
}
