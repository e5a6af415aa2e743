import type { Environment } from "../../environment.ts";
import { isFields } from "../../json/fields.ts";
import { readJsonFile } from "../../system/read-document.ts";
import type { Config } from "../../config/config.ts";
import { runPaths } from "../../handoff/paths.ts";
import { parseQuestionId } from "../../questions/question.ts";
import { defaultSettings } from "../../questions/routing.ts";
import { readEvents } from "../../run/stored/history.ts";
import { readProposal, readQuestion } from "../../run/questions/question-files.ts";
import type { AskableQuestion } from "../../telegram/asked-question.ts";
import { Bot } from "../../telegram/bot.ts";
import { botFolder } from "../../telegram/bot-folder.ts";
import { MessageFile } from "../../telegram/message-store.ts";
import { FolderBook } from "../../telegram/question-book.ts";
import type { Crash } from "../../telegram/outcome-text.ts";
import type { TelegramSettings } from "../../telegram/settings.ts";
import { StatusSink } from "../../telegram/status-sink.ts";
import type { Shell } from "../shell.ts";
import { makeStateFolder } from "./state-folder.ts";

/** With what the sink calls, and who hears of what it does. */
export interface SinkSurroundings {
  readonly warn: (message: string) => void;
  /** Hears that people are asked something. */
  readonly onAsking: () => void;
  readonly openBot: () => Promise<Bot>;
}

/** The sink for Telegram, with what it needs of the runs on disk; it calls nobody before it is told something. */
export function openStatusSink(
  settings: TelegramSettings,
  config: Config,
  { clock, env }: Shell,
  around: SinkSurroundings,
): StatusSink {
  const { handoffDir } = config;
  return new StatusSink({
    ...around,
    settings,
    clock,
    openBook: () => openQuestionBook(settings, config, env),
    storeOf: (runId) => new MessageFile(runPaths(handoffDir, runId).folder),
    historyOf: (runId) => readEvents(runPaths(handoffDir, runId).events).events,
    resultOf: (runId) => readResult(runPaths(handoffDir, runId).handoff),
    rules: config.questions ?? defaultSettings,
    lookUp: (questionId) => lookUpQuestion(questionId, config),
  });
}

/** The book of what has been asked with this bot. */
export function openQuestionBook(
  { token }: TelegramSettings,
  config: Config,
  env: Environment,
): FolderBook {
  return new FolderBook(botFolder(makeStateFolder(env, config), token).questions);
}

/** Tells that this process crashed, over this run or over none, for a few seconds at most. */
export async function sendCrash(
  crash: Crash,
  runId: string | null,
  settings: TelegramSettings,
  config: Config,
  shell: Shell,
): Promise<void> {
  const openBot = (): Promise<Bot> => Bot.open(settings);
  const silent = { warn: () => undefined, onAsking: () => undefined, openBot };
  const sink = openStatusSink(settings, config, shell, silent);
  sink.reportCrash(crash, runId);
  await sink.close();
}

/** What a run asks, as it is on disk. */
export function lookUpQuestion(
  questionId: string,
  { handoffDir, path: configPath }: Config,
): AskableQuestion | null {
  const named = parseQuestionId(questionId);
  if (named === null) return null;
  const paths = runPaths(handoffDir, named.runId);
  const question = readQuestion(paths, questionId);
  if (question === null) return null;
  const proposal = readProposal(paths, questionId);
  return { question, proposal, runFolder: paths.folder, configPath };
}

/** The result in an accepted handoff; null when there is none, as after a failure. */
function readResult(path: string): string | null {
  const handoff = readJsonFile(path);
  return isFields(handoff) && typeof handoff["result"] === "string" ? handoff["result"] : null;
}
