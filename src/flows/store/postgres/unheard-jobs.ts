import { jobOf } from "../../tasks/job.ts";
import type { ClaimedJob, Turning } from "./claim.ts";
import type { Execution } from "./execution.ts";
import { executionsOfWorker } from "./holders.ts";

/**
 * What a worker has taken up without hearing of it: the connection broke after it had asked for the end of a
 * transaction, and Postgres came to that end. Nobody else would ever carry these out.
 */
export async function unheardJobs(
  { transaction, sheets, ledger }: Turning,
  worker: number,
  isKnown: (execution: Execution) => boolean,
): Promise<readonly ClaimedJob[]> {
  const held = await executionsOfWorker(transaction, worker);
  const unheard = held.filter(({ execution }) => !isKnown(execution));
  await sheets.fetch(unheard.map(({ flow }) => flow));
  return unheard.flatMap(({ flow, execution }) => {
    const tree = ledger.tree(flow);
    const job = tree === null ? null : jobOf(tree, execution.key);
    return job === null ? [] : [{ job, execution }];
  });
}
