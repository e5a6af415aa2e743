import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import { runPaths } from "../../handoff/paths.ts";
import { readDocument } from "../../system/read-document.ts";
import type { EventLines } from "./event-lines.ts";
import { readEvents, recordFrom } from "./history.ts";
import { newestFirst } from "./newest-first.ts";
import type { RunRecord } from "./record.ts";
import { readRequest, storageFailure } from "./run-folder.ts";

/** Which runs somebody wants to see. */
export interface RunFilter {
  /** An outcome's status or the exact code of its error; or `running`, or `asking` for those of them that ask. */
  readonly status: string | null;
  readonly agent: string | null;
  readonly caller: string | null;
  readonly limit: number;
  /** What else there must be to a run. */
  readonly isWanted?: (record: RunRecord) => boolean;
}

/** The newest runs that pass the filter; reads the records of no more runs than it must. */
export function listRuns(
  handoffDir: string,
  filter: RunFilter,
  onUnreadable: (reason: Failure) => void = () => undefined,
): readonly RunRecord[] {
  const found: RunRecord[] = [];
  for (const runId of newestFirst(handoffDir)) {
    if (found.length >= filter.limit) break;
    const record = readRun(runPaths(handoffDir, runId));
    if (!record.ok) onUnreadable(record.failure);
    else if (record.value !== null && passes(record.value, filter)) found.push(record.value);
  }
  return found;
}

/** What is known of a run, or null: there is no such run, or none that can be read. */
export function findRecord(paths: RunPaths): RunRecord | null {
  const record = readRun(paths);
  return record.ok ? record.value : null;
}

/**
 * Its record when that says how the run ended, otherwise what its events say: the record may be missing, or have stayed
 * behind because its writer was killed or the disk was full.
 */
function readRun(paths: RunPaths): Result<RunRecord | null> {
  const record = readDocument<RunRecord>(paths.record, "delegate.run.v1");
  if (record?.phase === "ended") return success(record);
  const request = readRequest(paths);
  if (!request.ok) return record === null ? request : success(record);
  if (request.value === null) return success(record);
  const history = readHistory(paths);
  if (!history.ok) return history;
  const { events } = history.value;
  return success(
    events.length === 0 && record !== null ? record : recordFrom(request.value, events),
  );
}

/** One run that can't be read must not hide all others. */
function readHistory(paths: RunPaths): Result<EventLines> {
  try {
    return success(readEvents(paths.events));
  } catch (error) {
    return failure(storageFailure(paths.events, error));
  }
}

function passes(record: RunRecord, filter: RunFilter): boolean {
  return (
    (filter.status === null || statusesOf(record).includes(filter.status)) &&
    (filter.agent === null || filter.agent === record.agent) &&
    (filter.caller === null || filter.caller === record.caller) &&
    (filter.isWanted?.(record) ?? true)
  );
}

function statusesOf({ status, failure: reason, phase }: RunRecord): readonly string[] {
  if (reason !== null) return [status ?? "running", reason.code];
  return phase === "asking" ? ["running", phase] : [status ?? "running"];
}
