import { createHash } from "node:crypto";
import type { Job } from "../work.ts";

/** Where a step keeps what is too large for the store. */
export function stepFolder(handoffDir: string, { flowRunId, key }: Job): string {
  return `${flowsFolder(handoffDir)}/${flowRunId}/${fileName(key)}`;
}

/** The file that is there while a step's command may be running. */
export function commandRecordPath(
  handoffDir: string,
  { flowRunId, key }: Pick<Job, "flowRunId" | "key">,
): string {
  return `${commandRecordsFolder(handoffDir)}/${fileName(`${flowRunId}.${key}`)}`;
}

/** Where these files are. */
export function commandRecordsFolder(handoffDir: string): string {
  return `${flowsFolder(handoffDir)}/commands`;
}

/** What flow runs keep besides their store, below the folder of all handoffs. */
export function flowsFolder(handoffDir: string): string {
  return `${handoffDir}/.flows`;
}

/** Nearly everywhere a name may have 255 bytes. */
const MAX_NAME_CHARACTERS = 200;

function fileName(wanted: string): string {
  return wanted.length <= MAX_NAME_CHARACTERS
    ? wanted
    : createHash("sha256").update(wanted).digest("hex");
}
