import { cutText } from "../text/cut-text.ts";
import { cleanText } from "./clean-text.ts";
import type { Extra, Message } from "./messages.ts";
import { nameMentions } from "./mentions.ts";
import type { MentionNames } from "./mentions.ts";

/** How much of a channel is shown. */
export interface TranscriptLimits {
  /** Characters of one message. */
  readonly messageCharacters: number;
  /** Bytes of the whole text in UTF-8; the oldest messages make room. */
  readonly bytes: number;
}

/** What fits into a message to an agent besides its task. */
export const transcriptLimits: TranscriptLimits = { messageCharacters: 2000, bytes: 60 * 1024 };

/** The messages as text, in the given order, the oldest first; those that say nothing are left out. */
export function writeTranscript(
  messages: readonly Message[],
  names: MentionNames,
  limits: TranscriptLimits = transcriptLimits,
): string {
  const entries = messages.map((message) => writeEntry(message, names, limits)).filter(Boolean);
  if (entries.length === 0) return "(no messages)";
  const kept = newestThatFit(entries, limits.bytes);
  const notes = [
    note(entries.length - kept.length, "older left out"),
    note(messages.filter(({ person }) => person === "withheld").length, "withheld by Discord"),
  ];
  return [...notes.filter(Boolean), ...kept].join("\n");
}

function note(count: number, what: string): string {
  return count === 0 ? "" : `(${count} ${what})`;
}

/** Every line but the first is indented, so that no message can look like somebody else's. */
function writeEntry(message: Message, names: MentionNames, limits: TranscriptLimits): string {
  const text = cleanText(nameMentions(message.text, message.mentioned, names)).trim();
  const lines = cutText(text, limits.messageCharacters).split("\n");
  const extras = message.extras.map(writeExtra);
  if (text === "" && extras.length === 0) return "";
  const body = [...(text === "" ? [] : lines), ...extras];
  return `${writeHead(message)}: ${body.join("\n    ")}`;
}

function writeHead({ writtenAtMs, author, isBot, reply }: Message): string {
  const time = new Date(writtenAtMs).toISOString().slice(0, 16).replace("T", " ");
  const bot = isBot ? " (bot)" : "";
  const answer = reply === null ? "" : ` (reply to ${reply.author ?? "a deleted message"})`;
  return `[${time} UTC] ${author}${bot}${answer}`;
}

function writeExtra({ kind, title, url }: Extra): string {
  return `[${kind}: ${[title, url].filter(Boolean).join(" ")}]`;
}

function newestThatFit(entries: readonly string[], bytes: number): readonly string[] {
  const encoder = new TextEncoder();
  let left = bytes;
  const tooMany = entries.findLastIndex((entry) => {
    left -= encoder.encode(entry).length + 1;
    return left < 0;
  });
  return entries.slice(tooMany + 1);
}
