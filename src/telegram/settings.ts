import type { Secret } from "../secret.ts";

/** Where Telegram's Bot API answers, when nothing else is configured. */
export const TELEGRAM_API_ROOT = "https://api.telegram.org";

/** A chat as Telegram names it: a number, or `@name` for a public channel or group. */
export type ChatId = string | number;

/** The bot that tells of runs, where it tells of them, and from where it takes answers. */
export interface TelegramSettings {
  readonly token: Secret;
  /** Scheme, host and port, without a path; another one than Telegram's own serves for tests and for a Bot API server at home. */
  readonly apiRoot: string;
  readonly chatId: ChatId;
  /** The topic in a group that has topics, or null. */
  readonly threadId: number | null;
  /** The chats from which answers are taken. */
  readonly allowedChats: readonly ChatId[];
}
