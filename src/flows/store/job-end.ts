import { releaseTask } from "../tasks/claim.ts";
import { recoverTask } from "../tasks/recover.ts";
import type { Settled, SettleTools } from "../tasks/settle.ts";
import { alone, settleTask } from "../tasks/settle.ts";
import type { FlowTree } from "../tree/tree.ts";
import type { Job } from "../work.ts";
import type { EndedJob } from "./worker-jobs.ts";

/** What the end of a job means for its flow run. */
export function settleJob(
  tree: FlowTree,
  { job, end, stop }: EndedJob,
  tools: SettleTools,
): Settled {
  const isGivenBack = stop === "leaving" && end.end === "canceled";
  return isGivenBack ? giveBack(tree, job) : settleTask(tree, job.key, end, tools);
}

/** A command was killed in the middle, which is as if its worker had died; everything else only goes on elsewhere. */
export function giveBack(tree: FlowTree, { key, work }: Job): Settled {
  return work.kind === "run" ? recoverTask(tree, key, "left") : alone(releaseTask(tree, key));
}
