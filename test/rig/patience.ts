/** How long a test waits for what has to come about. It costs time only where a test fails, so a busy machine gets plenty. */
export const PATIENCE_MS = 150_000;
