import { cancelRun } from "../../run/cancel.ts";
import { Leave } from "../../run/leave.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { RunTools } from "../../run/ports.ts";
import type { Job } from "../work.ts";
import { stopReasonOf } from "./stop-reason.ts";

/**
 * Stays with the run of a job until its end. When the job is to stop, the run is left; and it is ended, with all that
 * was delegated from within it, when the flow run was canceled.
 */
export async function stayWithRun(
  job: Job,
  tools: RunTools,
  stop: AbortSignal,
  stay: (leaving: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const leaving = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const letGo = async (): Promise<void> => {
    await cancelIfWanted(job, tools, stop);
    leaving.abort(new Leave("aborted"));
  };
  const begin = (): void => void letGo().then(stopped.resolve, stopped.reject);
  stop.addEventListener("abort", begin, { once: true });
  if (stop.aborted) begin();
  try {
    const outcome = await stay(leaving.signal);
    if (!stop.aborted) return outcome;
    await stopped.promise;
    // The run may have been made only after it was looked for.
    if (outcome.error?.code === "interrupted") await cancelIfWanted(job, tools, stop);
    return outcome;
  } finally {
    stop.removeEventListener("abort", begin);
  }
}

async function cancelIfWanted(job: Job, tools: RunTools, stop: AbortSignal): Promise<void> {
  if (stopReasonOf(stop) !== "canceled") return;
  const reason = `the flow run ${job.flowRunId} was canceled`;
  await cancelRun(job.runId, { by: job.author, reason }, tools);
}
