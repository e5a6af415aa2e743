import type { LineSource } from "./line-source.ts";
import { readStoredEvent } from "./stored-event.ts";

/** A run that has just begun, or was taken up again. */
export interface Newcomer {
  readonly runId: string;
  /** Whether it has just begun. */
  readonly isNew: boolean;
}

/** The runs that begin or are taken up again in what a log has to say now; other events are passed over unread. */
export function readNewcomers(log: LineSource): readonly Newcomer[] {
  const found: Newcomer[] = [];
  for (let lines = log.read(); lines !== null; lines = log.read())
    found.push(...lines.flatMap((line) => newcomerOf(line) ?? []));
  return found;
}

function newcomerOf(line: string): Newcomer | null {
  const mayBe = line.includes('"type":"run_created"') || line.includes('"type":"driver_took_over"');
  const stored = mayBe ? readStoredEvent(line) : null;
  const type = stored?.event?.type;
  return stored !== null && (type === "run_created" || type === "driver_took_over")
    ? { runId: stored.runId, isNew: type === "run_created" }
    : null;
}
