import { mkdirSync } from "node:fs";
import type { Secret } from "../secret.ts";

/** What all processes of a machine that use the same bot share. */
export interface BotFolder {
  readonly folder: string;
  /** Locked by the one process that receives the bot's messages. */
  readonly lock: string;
  /** The folder of the book of questions. */
  readonly questions: string;
}

/** Makes the folder of a bot, named by its number: a token starts with it, and it is no secret. */
export function makeBotFolder(stateDir: string, token: Secret): BotFolder {
  const [, number = "0"] = /^(\d{1,20}):/.exec(token.reveal()) ?? [];
  const folder = `${stateDir}/telegram/${number}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { folder, lock: `${folder}/receiving.db`, questions: `${folder}/questions` };
}
