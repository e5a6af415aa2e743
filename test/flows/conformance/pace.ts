/** A fifth of the usual, so that a test need not wait long until a worker is given up. */
export const pace = { beatMs: 300, patienceMs: 2_000, warnAfterMs: 0, leaveMs: 5_000 };
