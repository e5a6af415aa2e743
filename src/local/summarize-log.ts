import { parseFields } from "../json/fields.ts";

const MOST_CHARACTERS = 600;

/** The end of a gateway's log in one line: the message of its last entry, or the last lines of whatever else was printed. */
export function summarizeLog(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const last = lines.at(-1);
  if (last === undefined) return "";
  const line = messageIn(last) ?? lines.slice(-6).join(" ");
  return line.replaceAll(/\s+/g, " ").trim().slice(-MOST_CHARACTERS);
}

function messageIn(line: string): string | null {
  const message = parseFields(line)?.["message"];
  return typeof message === "string" ? message : null;
}
