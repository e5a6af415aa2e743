import { isFields } from "../json/fields.ts";
import { parseJson } from "../json/parse-json.ts";
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
  const value: unknown = event ?? parseJson(line);
  return isStored(value) ? { line, seq: value.seq, at: value.at, runId: value.runId, event } : null;
}

function isStored(value: unknown): value is Pick<StoredEvent, "seq" | "at" | "runId"> {
  return (
    isFields(value) &&
    typeof value["seq"] === "number" &&
    typeof value["at"] === "string" &&
    !Number.isNaN(Date.parse(value["at"])) &&
    typeof value["runId"] === "string"
  );
}
