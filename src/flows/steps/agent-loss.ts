import type { RunHappening } from "../../events/event.ts";

/**
 * Whether a run failed because the local gateway that had taken its task went away, and the agent's process with it.
 * Of another gateway nobody knows whether its agent goes on.
 */
export function wasLostAtWork(events: readonly RunHappening[]): boolean {
  const failed = events.findLast((event) => event.type === "attempt_failed");
  return (
    failed?.failure.code === "unreachable" &&
    events.some((event) => event.type === "attempt_admitted" && event.attempt === failed.attempt)
  );
}
