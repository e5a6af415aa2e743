import type { RunEvent } from "../events/event.ts";
import { parseEvent } from "../run/event-lines.ts";

/** One line of an events file or a daily log. */
export interface StoredEvent {
  /** The line as it is stored. */
  readonly line: string;
  readonly seq: number;
  /** The instant in UTC, ISO 8601. */
  readonly at: string;
  readonly runId: string;
  /** The event, or null when only a newer version knows its type. */
  readonly event: RunEvent | null;
}

/** Reads a line, or null when there is no event in it. */
export function readStoredEvent(line: string): StoredEvent | null {
  return readWhole(line) ?? readBehindTear(line);
}

/** When a line was written, read off without taking it apart; null when it does not begin as ours do. */
export function instantOf(line: string): string | null {
  return /^\{"seq":\d+,"at":"([^"]*)"/.exec(line)?.[1] ?? null;
}

/** A log that was cut off goes on in the same line when the next event comes: that one is whole. */
function readBehindTear(line: string): StoredEvent | null {
  const start = line.lastIndexOf('{"seq":');
  return start > 0 ? readWhole(line.slice(start)) : null;
}

function readWhole(line: string): StoredEvent | null {
  const event = parseEvent(line);
  const value: unknown = event ?? parse(line);
  return isStored(value) ? { line, seq: value.seq, at: value.at, runId: value.runId, event } : null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isStored(value: unknown): value is Pick<StoredEvent, "seq" | "at" | "runId"> {
  return (
    typeof value === "object" &&
    value !== null &&
    "seq" in value &&
    typeof value.seq === "number" &&
    "at" in value &&
    typeof value.at === "string" &&
    !Number.isNaN(Date.parse(value.at)) &&
    "runId" in value &&
    typeof value.runId === "string"
  );
}
