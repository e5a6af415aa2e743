import type { TaskNode } from "../tree/tree.ts";

/** When a task is due, or null. Steps that may begin do so in the order in which they came to it. */
export function dueAtOf({ state }: TaskNode, nowMs: number): number | null {
  if (state.status === "ready") return Math.max(state.dueAtMs, nowMs);
  return state.status === "waiting" ? state.dueAtMs : null;
}

/** Since when a task waits for people, or null. */
export function askedAtOf({ state }: TaskNode): number | null {
  return state.status === "waiting" ? (state.asked?.atMs ?? null) : null;
}

/** To how many that has gone since, or null. */
export function goneToOf({ state }: TaskNode): number | null {
  return state.status === "waiting" ? (state.asked?.goneTo.length ?? null) : null;
}

/** Whether a task has to wait for its time. One that may begin does so even if the clock was set back since. */
export function isTimed({ state }: TaskNode): boolean {
  return state.status === "ready" && state.dueAtMs > 0;
}

/** What stands for a value that there may be. */
export function textOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
