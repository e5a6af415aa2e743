/** The one form of a run id: it is a file name, so it may not leave its folder. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The most attempts that a caller may ask for. */
export const MAX_ATTEMPTS = 3;

/** How often a run may go on with a new attempt because its agent's questions were answered. */
export const MAX_QUESTION_ROUNDS = 5;

/** The most attempts that a run can come to. */
export const MAX_ATTEMPT_FILES = MAX_ATTEMPTS + MAX_QUESTION_ROUNDS;

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
  return {
    runId,
    folder,
    request: `${folder}/request.json`,
    record: `${folder}/run.json`,
    events: `${folder}/events.jsonl`,
    handoff: `${folder}/handoff.json`,
  };
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
