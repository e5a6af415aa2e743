import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canBeFlowRunId } from "../flow-run-id.ts";
import { flowsFolder } from "./step-folder.ts";

/** The bytes of the files that the steps of a flow run have left. Links are not followed. */
export function bytesOfFlowFiles(handoffDir: string, flowRunId: string): number {
  const folder = ownFolder(handoffDir, flowRunId);
  return folder === null ? 0 : bytesIn(folder);
}

/** Removes these files; of a link only itself goes. Throws what the disk has to say. */
export function removeFlowFiles(handoffDir: string, flowRunId: string): void {
  const folder = ownFolder(handoffDir, flowRunId);
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
}

/** Null when there is none, or when what has its name is no folder that we have made. */
function ownFolder(handoffDir: string, flowRunId: string): string | null {
  if (!canBeFlowRunId(flowRunId)) return null;
  const folder = join(flowsFolder(handoffDir), flowRunId);
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? folder : null;
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesIn(path);
    else bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
