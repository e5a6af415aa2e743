/** As whom we are known to DBOS. */
export const APPLICATION = "delegate";

/**
 * DBOS resumes only what was begun under the same version. Nothing that waits is kept by it, so that this changes only
 * if what an execution does in which order changes.
 */
export const VERSION = "delegate-execution-1";

/** DBOS wants an address to show; the pool that it is given knows the real one. */
export const shownAddress = "postgresql://delegate@postgres/delegate";

/** The worker itself tells of trouble, and only of what lasts. */
export const silent = {
  info: (): void => undefined,
  debug: (): void => undefined,
  warn: (): void => undefined,
  error: (): void => undefined,
};
