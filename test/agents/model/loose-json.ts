import type { WireBody } from "./conversation.ts";

/** A field of whatever this is. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** A list, or none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or none. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The text of a content that is a text, or a list of parts of which some are. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return list(content)
    .map((part) => text(field(part, "text")))
    .filter((each) => each !== "")
    .join("\n");
}

/** The names of the parameters in a tool's JSON Schema. */
export function parameterNames(schema: unknown): readonly string[] {
  const properties = field(schema, "properties");
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

/** One JSON document. */
export function jsonBody(value: unknown): WireBody {
  return { contentType: "application/json", body: JSON.stringify(value) };
}

/** Server-sent events; an event without a name has only data. */
export function eventBody(
  events: readonly { readonly name?: string; readonly data: unknown }[],
): WireBody {
  const lines = events.map(({ name, data }) => {
    const value = typeof data === "string" ? data : JSON.stringify(data);
    return `${name === undefined ? "" : `event: ${name}\n`}data: ${value}\n\n`;
  });
  return { contentType: "text/event-stream", body: lines.join("") };
}
