import type { Secret } from "../secret.ts";

/** What all processes of a machine that use the same bot share. */
export interface BotFolder {
  readonly folder: string;
  /** Locked by the one process that receives the bot's messages. */
  readonly lock: string;
  /** How far the bot's messages have been handled. */
  readonly received: string;
  /** The folder of the book of questions. */
  readonly questions: string;
}

/** The folder of a bot, named by its number: a token starts with it, and it is no secret. */
export function botFolder(stateFolder: string, token: Secret): BotFolder {
  const [, number = "0"] = /^(\d{1,20}):/.exec(token.reveal()) ?? [];
  const folder = `${stateFolder}/telegram/${number}`;
  return {
    folder,
    lock: `${folder}/receiving.db`,
    received: `${folder}/received.json`,
    questions: `${folder}/questions`,
  };
}
