import type { Job } from "../work.ts";

/** What flow runs keep besides their store, below the folder of all handoffs. */
export function flowsFolder(handoffDir: string): string {
  return `${handoffDir}/.flows`;
}

/** Where a step keeps what is too large for the store. */
export function stepFolder(handoffDir: string, { flowRunId, key }: Job): string {
  return `${flowsFolder(handoffDir)}/${flowRunId}/${key}`;
}
