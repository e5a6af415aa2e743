/** The one form of a run id: it is a file name, so it may not leave its folder. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The most attempts that a caller may ask for. */
export const MAX_ATTEMPTS = 3;

/** How often a run may go on with a new attempt because its agent's questions were answered. */
export const MAX_QUESTION_ROUNDS = 5;

/** The most attempts that a run can come to. */
export const MAX_ATTEMPT_FILES = MAX_ATTEMPTS + MAX_QUESTION_ROUNDS;

/** The names of a run's own files that are replaced as a whole. */
export const RECORD_FILE_NAME = "run.json";
export const HANDOFF_FILE_NAME = "handoff.json";

/** Where everything of one run lies. */
export interface RunPaths {
  readonly runId: string;
  readonly folder: string;
  readonly request: string;
  readonly record: string;
  readonly events: string;
  readonly handoff: string;
}

/** The paths of a run below the folder of all handoffs. */
export function runPaths(handoffDir: string, runId: string): RunPaths {
  const folder = `${handoffDir}/${runId}`;
  return new PathsIn(folder, runId);
}

/** Thousands of runs may wait in one process: what can be put together when it is needed is not kept. */
class PathsIn implements RunPaths {
  readonly folder: string;
  readonly runId: string;

  constructor(folder: string, runId: string) {
    this.folder = folder;
    this.runId = runId;
  }

  get request(): string {
    return `${this.folder}/request.json`;
  }

  get record(): string {
    return `${this.folder}/${RECORD_FILE_NAME}`;
  }

  get events(): string {
    return `${this.folder}/events.jsonl`;
  }

  get handoff(): string {
    return `${this.folder}/${HANDOFF_FILE_NAME}`;
  }
}

/** The name of the file in which the agent of one attempt hands over. */
export function attemptFileName(attempt: number): string {
  return `attempt-${attempt}.json`;
}

/** The name of the file that keeps the exact message sent in one attempt. */
export function messageFileName(attempt: number): string {
  return `attempt-${attempt}.md`;
}

/** The name of the file that keeps what was submitted in one attempt. */
export function submittedFileName(attempt: number): string {
  return `submitted-${attempt}.json`;
}

/** The attempt whose handoff file this is, or null. */
export function attemptOfFileName(name: string): number | null {
  const match = /^attempt-([1-9]\d*)\.json$/.exec(name);
  return match === null ? null : Number(match[1]);
}

/** The name of the file with somebody's wish that the run be ended. */
export const CANCEL_FILE_NAME = "cancel.json";

/**
 * The name of a file that exists only while something is put into a folder below the run's own: whoever watches the
 * run's folder, and nothing below it, so hears of that.
 */
export function noteFileName(subject: string, pid: number): string {
  return `.note-${subject}.${pid}.tmp`;
}

/** Whether a file of this name tells that another process has left something for the run. */
export function isMailFileName(name: string): boolean {
  return name === CANCEL_FILE_NAME || name.startsWith(".note-");
}
