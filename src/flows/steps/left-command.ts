import { existsSync } from "node:fs";
import type { Job } from "../work.ts";
import { CommandRecord } from "./command-record.ts";
import { endLeftProcesses } from "./left-processes.ts";
import { commandRecordPath } from "./step-folder.ts";

/** Ends what a dead worker has left running of a step that nobody carries out any more. */
export async function endLeftCommand(
  handoffDir: string,
  step: Pick<Job, "flowRunId" | "key">,
): Promise<void> {
  const path = commandRecordPath(handoffDir, step);
  if (!existsSync(path)) return;
  const record = new CommandRecord(path);
  if (record.wasLeft) await endLeftProcesses(record);
  record.remove();
}
