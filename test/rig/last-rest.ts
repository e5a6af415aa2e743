import type { Rig } from "./rig.ts";

/** The last rest of a run between two attempts, in milliseconds since 1970. */
export interface Rest {
  readonly fromMs: number;
  readonly toMs: number;
}

/** As the run's events tell it. */
export function lastRest(rig: Rig, runId: string | undefined): Rest {
  const rest = rig.events(String(runId)).findLast(({ type }) => type === "retry_scheduled");
  return { fromMs: Date.parse(String(rest?.["at"])), toMs: Date.parse(String(rest?.["dueAt"])) };
}
