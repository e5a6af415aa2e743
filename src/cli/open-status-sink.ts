import { readFileSync } from "node:fs";
import type { Config } from "../config/config.ts";
import { runPaths } from "../handoff/paths.ts";
import { readEvents } from "../run/history.ts";
import { MessageFile } from "../telegram/message-store.ts";
import { FolderBook } from "../telegram/question-book.ts";
import type { TelegramSettings } from "../telegram/settings.ts";
import { StatusSink } from "../telegram/status-sink.ts";
import type { Shell } from "./shell.ts";

/** The sink for Telegram, with what it needs of the runs on disk; it calls nobody before it is told something. */
export function openStatusSink(
  settings: TelegramSettings,
  { handoffDir }: Config,
  { clock }: Shell,
  warn: (message: string) => void,
): StatusSink {
  return new StatusSink({
    settings,
    clock,
    warn,
    book: new FolderBook(`${handoffDir}/.telegram/questions`),
    storeOf: (runId) => new MessageFile(runPaths(handoffDir, runId).folder),
    historyOf: (runId) => readEvents(runPaths(handoffDir, runId).events).events,
    resultOf: (runId) => readResult(runPaths(handoffDir, runId).handoff),
  });
}

/** The result in an accepted handoff; null when there is none, as after a failure. */
function readResult(path: string): string | null {
  try {
    const handoff: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof handoff === "object" &&
      handoff !== null &&
      "result" in handoff &&
      typeof handoff.result === "string"
      ? handoff.result
      : null;
  } catch {
    return null;
  }
}
