import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { MessageHeader } from "../run/prompt-header.ts";
import { storageReason } from "../run/run-folder.ts";
import type { HandoffDraft } from "./wrap-stdout.ts";

const MAX_WORKING_BYTES = 1024 * 1024;

/** Whether this is the file of one attempt, right in its run's folder below the handoff folder; any other path is not written to. */
export function isOwnHandoffPath(
  handoffDir: string,
  { runId, handoffPath }: MessageHeader,
): boolean {
  const folder = `${handoffDir}/${runId}/`;
  return (
    handoffPath.startsWith(folder) &&
    /^attempt-[1-9]\d*\.json$/.test(handoffPath.slice(folder.length))
  );
}

/** What lies where the agent was to write. */
export function lookForHandoff(path: string): "nothing" | "working" | "handoff" {
  const size = sizeOf(path);
  if (size === 0) return "nothing";
  if (size > MAX_WORKING_BYTES) return "handoff";
  return isSignOfLife(path) ? "working" : "handoff";
}

/** The bytes of a regular file; 0 for whatever else lies there. */
function sizeOf(path: string): number {
  try {
    const stat = lstatSync(path);
    return stat.isFile() ? stat.size : 0;
  } catch {
    return 0;
  }
}

function isSignOfLife(path: string): boolean {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return (
      typeof value === "object" && value !== null && "status" in value && value.status === "working"
    );
  } catch {
    return false;
  }
}

/** Writes a handoff in one go; the value is why that can't be done (the run's folder is gone, the disk is full), or null. */
export function writeHandoff(path: string, handoff: HandoffDraft): string | null {
  const slash = path.lastIndexOf("/") + 1;
  const temporary = `${path.slice(0, slash)}.${path.slice(slash)}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(handoff, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
    return null;
  } catch (error) {
    rmSync(temporary, { force: true });
    return storageReason(error);
  }
}
