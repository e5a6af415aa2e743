import { randomBytes } from "node:crypto";
import type { FlowOutcome } from "../../../flows/outcome.ts";
import { flowOutcomeOf } from "../../../flows/outcome.ts";
import type { FlowRequest } from "../../../flows/flow-run.ts";
import { loadEvaluator } from "../../../flows/expression/load-evaluator.ts";
import type { FlowStore } from "../../../flows/store.ts";
import { messageOf } from "../../../thrown.ts";
import { runPaths } from "../../../handoff/paths.ts";
import { parseQuestionId } from "../../../questions/question.ts";
import { defaultSettings } from "../../../questions/routing.ts";
import { readAnswer } from "../../../run/questions/question-files.ts";
import type { AnswerListener } from "../../../telegram/answers.ts";
import { Bot } from "../../../telegram/bot.ts";
import type { FlowProgress } from "../../../telegram/flow/flow-progress.ts";
import { FlowReport } from "../../../telegram/flow/flow-report.ts";
import { usualPace } from "../../../telegram/next-call.ts";
import type { FolderBook } from "../../../telegram/question-book.ts";
import type { QuestionEnd } from "../../../telegram/question-end.ts";
import type { Troubles } from "../../../telegram/troubles.ts";
import { lookUpQuestion, openQuestionBook } from "../../telling/open-status-sink.ts";
import { endOf } from "../../telling/take-answer.ts";
import { historyOf, isAnythingAsked, questionsForPeople } from "./agent-questions.ts";
import type { FlowTellerTools } from "./flow-teller.ts";

/** The reports of flow runs, and the taking of answers to what they ask. */
export interface FlowReports {
  open(request: FlowRequest): FlowReport;
  /** Takes no more answers. */
  close(): Promise<void>;
}

/** How long what people have just pressed may take to be handled at the end. */
const LAST_ANSWERS_MS = 1_000;

/** Reports of flow runs with what they need of the disk and of Telegram, both of which are asked only when there is something to tell. */
export function openFlowReports(
  { settings, config, told, shell }: FlowTellerTools,
  troubles: Troubles,
  store: () => FlowStore | null,
): FlowReports {
  const { clock, env } = shell;
  let bot: Promise<Bot> | null = null;
  let book: FolderBook | null = null;
  let listener: Promise<AnswerListener | null> | null = null;
  const openBot = (): Promise<Bot> => (bot ??= Bot.open(settings));
  const openListener = async (): Promise<AnswerListener | null> => {
    try {
      const { openAnswerListener } = await import("../../telling/open-answer-listener.ts");
      const warn = (message: string): void => troubles.say(message.replace(/^Telegram: /, ""));
      const opened = await openAnswerListener(settings, config, shell, { warn, openBot });
      opened.start();
      return opened;
    } catch (error) {
      troubles.say(`answers are not taken: ${messageOf(error)}`);
      return null;
    }
  };
  return {
    open: (request) =>
      new FlowReport(request, {
        settings,
        clock,
        pace: usualPace,
        troubles,
        openBot,
        book: (book ??= openQuestionBook(settings, config, env)),
        store: told.messagesOf(request.flowRunId),
        configPath: config.path,
        doesAskPeople: (config.questions ?? defaultSettings).otherwise !== "nobody",
        newKey: () => randomBytes(8).toString("hex"),
        questionOf: (questionId) => lookUpQuestion(questionId, config),
        historyOf: (questionId) => historyOf(questionId, config),
        isAnythingAsked: () => isAnythingAsked(config),
        questionsForPeople: (runIds) => questionsForPeople(runIds, config),
        answerOf: (questionId) => answerOf(questionId, config),
        outcomeOf: (progress) => outcomeOf(progress, store()),
        // Where nobody may answer, the bot's messages are left to others.
        onAsking: () => {
          if (settings.allowedChats.length > 0) listener ??= openListener();
        },
      }),
    close: async () => {
      const opened = await listener;
      await opened?.close(LAST_ANSWERS_MS);
    },
  };
}

function answerOf(
  questionId: string,
  { handoffDir }: { readonly handoffDir: string },
): QuestionEnd | null {
  const named = parseQuestionId(questionId);
  if (named === null) return null;
  const answer = readAnswer(runPaths(handoffDir, named.runId), questionId);
  return answer === null ? null : endOf(answer);
}

async function outcomeOf(
  { request, view }: FlowProgress,
  store: FlowStore | null,
): Promise<FlowOutcome | null> {
  const state = await store?.read(request.flowRunId);
  if (state?.ok !== true || state.value === null || view.end === null) return null;
  return flowOutcomeOf(state.value, view.end.how, view.end.atMs, await loadEvaluator());
}
