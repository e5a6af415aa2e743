import { cleanLine } from "./clean-text.ts";
import { fieldsIn, isFields, numberIn, objectsIn, objectsOf, textIn } from "../json/fields.ts";
import type { Fields } from "../json/fields.ts";

/** A message as far as it is shown. */
export interface Message {
  readonly writtenAtMs: number;
  readonly author: string;
  readonly isBot: boolean;
  readonly reply: Reply | null;
  /** What was written, with mentions as Discord keeps them. */
  readonly text: string;
  /** Names of the people mentioned, by id. */
  readonly mentioned: ReadonlyMap<string, string>;
  /** What hangs on it, a line each. */
  readonly extras: readonly Extra[];
  /** Whether a person wrote it, and whether Discord keeps back what; a bot or Discord itself wrote all others. */
  readonly person: "shown" | "withheld" | null;
}

/** To whom a message answers; null when that message is gone. */
interface Reply {
  readonly author: string | null;
}

/** Something besides text. */
export interface Extra {
  readonly kind: "file" | "embed" | "sticker" | "poll" | "forwarded";
  readonly title: string;
  readonly url: string;
}

/** The messages of an answer, in its order; what is no message is left out. */
export function readMessages(body: readonly unknown[]): readonly Message[] {
  return objectsOf(body).flatMap((fields) => readMessage(fields) ?? []);
}

function readMessage(fields: Fields): Message | null {
  const writtenAtMs = Date.parse(textIn(fields, "timestamp"));
  if (Number.isNaN(writtenAtMs)) return null;
  const author = fieldsIn(fields, "author");
  const type = numberIn(fields, "type") ?? 0;
  return {
    writtenAtMs,
    author: nameOf(author),
    isBot: isBotMessage(fields),
    reply: type === REPLY ? { author: referencedAuthor(fields) } : null,
    text: [textIn(fields, "content"), ...componentTexts(fields)].filter(Boolean).join("\n"),
    mentioned: new Map(
      objectsIn(fields, "mentions").map((user) => [textIn(user, "id"), nameOf(user)]),
    ),
    extras: [...readExtras(fields), ...forwarded(fields)],
    person: isFromPerson(fields, type) ? (isWithheld(fields) ? "withheld" : "shown") : null,
  };
}

const PLAIN = 0;
const REPLY = 19;

function isBotMessage(fields: Fields): boolean {
  return fieldsIn(fields, "author")["bot"] === true || textIn(fields, "webhook_id") !== "";
}

/** Other types are what Discord itself says, as when somebody joins. */
function isFromPerson(fields: Fields, type: number): boolean {
  return !isBotMessage(fields) && (type === PLAIN || type === REPLY);
}

/** Nobody can send a message with nothing in it; to a bot that may not see it, Discord gives it so. */
function isWithheld(fields: Fields): boolean {
  return (
    textIn(fields, "content") === "" &&
    contentLists.every((key) => objectsIn(fields, key).length === 0) &&
    contentObjects.every((key) => !isFields(fields[key]))
  );
}

const contentLists = [
  "attachments",
  "embeds",
  "sticker_items",
  "components",
  "message_snapshots",
] as const;
const contentObjects = ["poll", "activity", "call"] as const;

function nameOf(user: Fields): string {
  const name = cleanLine(textIn(user, "global_name"), NAME_LENGTH);
  return name || cleanLine(textIn(user, "username"), NAME_LENGTH) || "somebody";
}

function referencedAuthor(fields: Fields): string | null {
  const { referenced_message: referenced } = fields;
  if (referenced === null || referenced === undefined) return null;
  return nameOf(fieldsIn(fieldsIn(fields, "referenced_message"), "author"));
}

function readExtras(fields: Fields): Extra[] {
  return [
    ...objectsIn(fields, "attachments").map((file) =>
      extra("file", textIn(file, "filename"), textIn(file, "url")),
    ),
    ...objectsIn(fields, "embeds").map((embed) =>
      extra("embed", embedTitle(embed), textIn(embed, "url")),
    ),
    ...objectsIn(fields, "sticker_items").map((sticker) =>
      extra("sticker", textIn(sticker, "name"), ""),
    ),
    ...pollExtra(fieldsIn(fields, "poll")),
  ].filter(({ title, url }) => title !== "" || url !== "");
}

function extra(kind: Extra["kind"], title: string, url: string): Extra {
  return { kind, title: cleanLine(title, TITLE_LENGTH), url: webAddress(url) };
}

/** An embed without a title says what it is in its text or its source. */
function embedTitle(embed: Fields): string {
  return (
    textIn(embed, "title") ||
    textIn(embed, "description") ||
    textIn(fieldsIn(embed, "author"), "name") ||
    textIn(fieldsIn(embed, "provider"), "name")
  );
}

function pollExtra(poll: Fields): Extra[] {
  const question = textIn(fieldsIn(poll, "question"), "text");
  if (question === "") return [];
  const answers = objectsIn(poll, "answers").map((answer) =>
    textIn(fieldsIn(answer, "poll_media"), "text"),
  );
  return [extra("poll", [question, ...answers.filter(Boolean)].join(" / "), "")];
}

/** A forwarded message comes as a copy, without its author. */
function forwarded(fields: Fields): Extra[] {
  return objectsIn(fields, "message_snapshots").flatMap((snapshot) => {
    const message = fieldsIn(snapshot, "message");
    const text = extra("forwarded", textIn(message, "content"), "");
    return [...(text.title === "" ? [] : [text]), ...readExtras(message)];
  });
}

/** Newer bots write their text into components, and leave the content empty. */
function componentTexts(fields: Fields): string[] {
  return objectsIn(fields, "components").flatMap((component) => [
    ...(numberIn(component, "type") === TEXT_DISPLAY ? [textIn(component, "content")] : []),
    ...componentTexts(component),
  ]);
}

const TEXT_DISPLAY = 10;
const NAME_LENGTH = 80;
const TITLE_LENGTH = 200;

/** An address that stays one word; anything else is left out. */
function webAddress(url: string): string {
  return /^https?:\/\/[\u0021-\u007e]{1,2000}$/.test(url) ? url : "";
}
