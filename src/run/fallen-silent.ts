import { unreachable } from "../unreachable.ts";
import { wakeAtMs } from "./decide/decide-time.ts";
import type { RunRequest } from "./stored/request.ts";
import type { RunState } from "./decide/state.ts";

/** Milliseconds that a driver may be late, since clocks of hosts differ and disks are slow. */
const PATIENCE_MS = 30_000;

/** Milliseconds that sending may take: a start of the local gateway, a health check and an admission. */
const LONGEST_SENDING_MS = 60_000;

/** Whether the driver of a run, which can't be asked because it is on another host, should have told something by now. */
export function hasFallenSilent(
  state: RunState,
  { limits }: Pick<RunRequest, "limits">,
  nowMs: number,
): boolean {
  switch (state.phase) {
    case "created":
      return nowMs > state.createdAtMs + LONGEST_SENDING_MS + PATIENCE_MS;
    case "sending":
      return nowMs > state.sinceMs + LONGEST_SENDING_MS + PATIENCE_MS;
    case "asking":
    case "waiting":
    case "resting":
      return nowMs > (wakeAtMs(state, limits) ?? Number.POSITIVE_INFINITY) + PATIENCE_MS;
    case "ended":
      // Somebody stays for a late answer, for as long as it likes.
      return false;
    default:
      return unreachable(state);
  }
}
