import { isFields } from "../json/fields.ts";
import { readJsonFile } from "../system/read-document.ts";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import type { Asked, MessagePlace, QuestionBook } from "./asked-question.ts";
import { writeWhole } from "../system/write-whole.ts";

/** A book of questions in a folder of its own: a file for each question, found by name, so that old ones cost nothing. */
export class FolderBook implements QuestionBook {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  keep(asked: Asked): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeWhole(this.#path(asked.key), asked);
    if (asked.place !== null) writeWhole(this.#path(nameOf(asked.place)), asked.key);
  }

  byKey(key: string): Asked | null {
    if (!/^[0-9a-f]{1,32}$/.test(key)) return null;
    const asked = readJsonFile(this.#path(key));
    return isAsked(asked) ? asked : null;
  }

  byMessage(place: MessagePlace): Asked | null {
    const key = readJsonFile(this.#path(nameOf(place)));
    return typeof key === "string" ? this.byKey(key) : null;
  }

  /** Forgets what was asked before that instant, in milliseconds since 1970. */
  forgetBefore(instantMs: number): void {
    if (!existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) {
      const path = `${this.#folder}/${name}`;
      const age = statSync(path, { throwIfNoEntry: false });
      if (name.endsWith(".json") && age !== undefined && age.mtimeMs < instantMs)
        rmSync(path, { force: true });
    }
  }

  #path(name: string): string {
    return `${this.#folder}/${name}.json`;
  }
}

function nameOf({ chatId, messageId }: MessagePlace): string {
  return `message_${chatId}_${messageId}`;
}

function isAsked(value: unknown): value is Asked {
  const schema = isFields(value) ? value["schema"] : null;
  return schema === "delegate.telegram-question.v1" || schema === "delegate.telegram-step.v1";
}
