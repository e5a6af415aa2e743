import type { Config } from "../../config/config.ts";
import { makeFolder } from "../../system/make-folder.ts";
import { AnswerListener } from "../../telegram/answers.ts";
import { botFolder } from "../../telegram/bot-folder.ts";
import { FolderBook } from "../../telegram/question-book.ts";
import { ReceivedMark } from "../../telegram/received-mark.ts";
import type { TelegramSettings } from "../../telegram/settings.ts";
import { withoutWarnings } from "./without-warnings.ts";
import type { SinkSurroundings } from "./open-status-sink.ts";
import type { Shell } from "../shell.ts";
import { makeStateFolder } from "./state-folder.ts";
import { allowedChatsFor, takeAnswer } from "./take-answer.ts";

/** So long an answer can be given by the message that asked, in milliseconds. */
const REMEMBERED_MS = 90 * 24 * 3_600_000;

/** What takes answers from Telegram on behalf of all runs that use this bot, as soon as no other process does. */
export async function openAnswerListener(
  settings: TelegramSettings,
  config: Config,
  shell: Shell,
  around: Pick<SinkSurroundings, "warn" | "openBot">,
): Promise<AnswerListener> {
  const { folder, questions, received, lock } = botFolder(
    makeStateFolder(shell.env, config),
    settings.token,
  );
  makeFolder(folder);
  const book = new FolderBook(questions);
  book.forgetBefore(shell.clock.nowMs() - REMEMBERED_MS);
  const { takeProcessLock } = await withoutWarnings(() => import("../../system/process-lock.ts"));
  return new AnswerListener({
    ...around,
    settings,
    book,
    mark: new ReceivedMark(received, shell.clock),
    tryLock: () => takeProcessLock(lock),
    allowedChatsFor: (asked) =>
      asked === null ? settings.allowedChats : allowedChatsFor(asked, shell),
    answer: (asked, choice, by) => takeAnswer(asked, choice, by, shell),
    decide: async (asked, choice, by) => {
      const { takeDecision } = await import("../flow/telling/take-decision.ts");
      return takeDecision(asked, choice, by, shell);
    },
  });
}
