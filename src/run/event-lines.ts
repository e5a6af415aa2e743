import { isFields } from "../json/fields.ts";
import { parseJson } from "../json/parse-json.ts";
import type { RunEvent } from "../events/event.ts";
import { happeningTypes } from "../events/event.ts";

/** Events read from a file, and whether its last line was cut off, as after a power cut. */
export interface EventLines {
  readonly events: readonly RunEvent[];
  readonly isTorn: boolean;
}

/** Reads the lines of an events file; a line that is no event is passed over. */
export function parseEvents(text: string): EventLines {
  const events = text.split("\n").flatMap((line) => {
    const event = parseEvent(line);
    return event === null ? [] : [event];
  });
  return { events, isTorn: text !== "" && !text.endsWith("\n") };
}

/** Reads one line, or null when it is no event. */
export function parseEvent(line: string): RunEvent | null {
  if (line === "") return null;
  const value = parseJson(line);
  return isEvent(value) ? inFull(value) : null;
}

/** Earlier versions did not ask agents how far they are. */
function inFull(event: RunEvent): RunEvent {
  return event.type === "agent_working" ? { ...event, percent: event.percent ?? null } : event;
}

/** Only this program writes events; a type that it does not know comes from a newer version and is passed over. */
function isEvent(value: unknown): value is RunEvent {
  return (
    isFields(value) &&
    typeof value["type"] === "string" &&
    Object.hasOwn(happeningTypes, value["type"]) &&
    typeof value["seq"] === "number" &&
    typeof value["at"] === "string" &&
    !Number.isNaN(Date.parse(value["at"]))
  );
}
