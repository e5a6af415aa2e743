import { cleanLine } from "./clean-text.ts";
import { isFields, numberIn, textIn } from "../json/fields.ts";
import type { Fields } from "../json/fields.ts";

/** A server that the bot is in. */
export interface Guild {
  readonly id: string;
  readonly name: string;
}

/** A place for messages, or something that is listed among them. */
export interface Channel {
  readonly id: string;
  /** Null when it has none, as a conversation of two. */
  readonly name: string | null;
  readonly guildId: string | null;
  readonly holdsMessages: boolean;
  /** Whether anything was ever written in it. */
  readonly wasUsed: boolean;
}

/** Whether a text is an id of Discord's. */
export function isId(text: string): boolean {
  return /^\d{17,20}$/.test(text);
}

/** A server out of an answer, or null. */
export function readGuild(fields: Fields): Guild | null {
  const id = textIn(fields, "id");
  return isId(id) ? { id, name: cleanLine(textIn(fields, "name"), NAME_LENGTH) } : null;
}

/** A channel out of an answer, or null. */
export function readChannel(value: unknown): Channel | null {
  if (!isFields(value)) return null;
  const id = textIn(value, "id");
  const type = numberIn(value, "type");
  if (!isId(id) || type === null) return null;
  return {
    id,
    name: cleanLine(textIn(value, "name"), NAME_LENGTH) || null,
    guildId: textIn(value, "guild_id") || null,
    holdsMessages: !typesWithoutMessages.has(type),
    wasUsed: textIn(value, "last_message_id") !== "",
  };
}

const NAME_LENGTH = 100;

/** Categories, directories, forums and media channels; what is written in a forum is in its posts. */
const typesWithoutMessages: ReadonlySet<number> = new Set([4, 14, 15, 16]);
