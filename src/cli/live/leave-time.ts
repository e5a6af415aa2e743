import type { RunState } from "../../run/decide/state.ts";

/** How long a process waits for a run that goes on without it, in milliseconds; null means as long as it takes. */
export interface WaitLimits {
  /** From the moment when it began to wait. */
  readonly timeoutMs: number | null;
  /** From the run's beginning. */
  readonly deadlineMs: number | null;
  /** From the agent's last sign of life. */
  readonly idleTimeoutMs: number | null;
}

/** Whoever comes after the deadline, or after the end, still gets what is there already. */
const LEAST_LOOK_MS = 1_000;

/** When a process that waits leaves, as things stand; null for never. */
export function leaveAtMs(
  { timeoutMs, deadlineMs, idleTimeoutMs }: WaitLimits,
  state: RunState | null,
  beganAtMs: number,
): number | null {
  const instants = [
    timeoutMs === null ? null : beganAtMs + timeoutMs,
    deadlineMs === null || state === null
      ? null
      : Math.max(state.createdAtMs + deadlineMs, beganAtMs + LEAST_LOOK_MS),
    idleTimeoutMs === null || state === null ? null : idleAtMs(idleTimeoutMs, state, beganAtMs),
  ].filter((instant) => instant !== null);
  if (instants.length === 0) return null;
  const earliestMs = state?.phase === "ended" ? beganAtMs + LEAST_LOOK_MS : beganAtMs;
  return Math.max(earliestMs, Math.min(...instants));
}

/** While nobody has listened, there may have been signs that nobody has heard. */
function idleAtMs(idleTimeoutMs: number, state: RunState, beganAtMs: number): number | null {
  if (state.phase === "ended") return beganAtMs + idleTimeoutMs;
  return state.phase === "waiting" ? Math.max(state.signAtMs, beganAtMs) + idleTimeoutMs : null;
}
