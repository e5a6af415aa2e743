import { Leave } from "../run/leave.ts";
import { monotonicClock } from "../system/monotonic-clock.ts";

/**
 * One Ctrl-C can arrive twice: from the terminal, and from a program that passes it on to us, such as npx, timeout or
 * our own launcher.
 */
const ECHO_MS = 200;

/** Fires at the first signal to leave, which is quick but orderly; the second leaves at once. */
export function leaveOnSignals(): AbortSignal {
  const leaving = new AbortController();
  let first: NodeJS.Signals | null = null;
  let firstAtMs = 0;
  const on = (
    signal: NodeJS.Signals,
    reason: "interrupted" | "terminated",
    exitCode: number,
  ): void => {
    process.on(signal, () => {
      const nowMs = monotonicClock.nowMs();
      if (first === null) {
        first = signal;
        firstAtMs = nowMs;
        leaving.abort(new Leave(reason));
      } else if (signal !== first || nowMs - firstAtMs > ECHO_MS) process.exit(exitCode);
    });
  };
  on("SIGINT", "interrupted", 130);
  on("SIGTERM", "terminated", 143);
  on("SIGHUP", "terminated", 143);
  return leaving.signal;
}
