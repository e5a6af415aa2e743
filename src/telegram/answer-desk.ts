import type { Result } from "../failure.ts";
import { choiceOfPress, choiceOfReply } from "./answer-choice.ts";
import type { AnswerChoice } from "./answer-choice.ts";
import { NOT_ALLOWED, describeReport } from "./answer-wording.ts";
import type { AnswerReport } from "./answer-wording.ts";
import type { AskedQuestion, QuestionBook } from "./asked-question.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot } from "./bot.ts";
import { parseButtonData } from "./button.ts";
import { escapeToFit } from "./html.ts";
import { isAllowed } from "./incoming.ts";
import type { Incoming, SourceChat } from "./incoming.ts";
import { closedQuestionMessage } from "./question-message.ts";
import type { QuestionEnd } from "./question-end.ts";
import type { ChatId } from "./settings.ts";
import type { Troubles } from "./troubles.ts";

/** What takes answers in, and keeps them. */
export interface AnswerDeskTools {
  readonly book: QuestionBook;
  readonly troubles: Troubles;
  /** The chats from which answers to a question are taken; to none that is known when null. */
  readonly allowedChatsFor: (asked: AskedQuestion | null) => readonly ChatId[];
  /** Keeps an answer, unless there is one already. */
  readonly answer: (
    asked: AskedQuestion,
    choice: AnswerChoice,
    by: string,
  ) => Promise<AnswerReport>;
}

/** A call that tells people what came of what they did. */
export type Telling = (bot: Bot, signal: AbortSignal) => Promise<Result<unknown, BotFault>>;

type Pressed = Extract<Incoming, { kind: "pressed" }>;
type Replied = Extract<Incoming, { kind: "replied" }>;

/** Takes what people press and reply as answers. */
export class AnswerDesk {
  readonly #tools: AnswerDeskTools;

  constructor(tools: AnswerDeskTools) {
    this.#tools = tools;
  }

  /** Keeps an answer; the value is what is to be told about it, in this order. */
  async take(incoming: Incoming): Promise<readonly Telling[]> {
    if (incoming.kind === "pressed") return this.#takePress(incoming);
    return incoming.kind === "replied" ? this.#takeReply(incoming) : [];
  }

  async #takePress(press: Pressed): Promise<readonly Telling[]> {
    const button = parseButtonData(press.data);
    const asked = button === null ? null : this.#tools.book.byKey(button.key);
    if (!this.#isAllowed(press.chat, asked, press.by)) return [inWindow(press, NOT_ALLOWED, true)];
    const choice = asked === null || button === null ? null : choiceOfPress(asked, button);
    if (asked === null || choice === null)
      return [inWindow(press, describeReport({ kind: "unknown" }), true)];
    const report = await this.#answer(asked, choice, press.by);
    const isPlain = report.kind === "taken" && report.todo === null;
    return [inWindow(press, describeReport(report), !isPlain), ...this.#close(asked, report)];
  }

  async #takeReply(reply: Replied): Promise<readonly Telling[]> {
    const asked = this.#tools.book.byMessage(reply.to);
    if (asked === null || !this.#isAllowed(reply.chat, asked, reply.by)) return [];
    const choice = choiceOfReply(asked, reply.text);
    const report: AnswerReport = choice.ok
      ? await this.#answer(asked, choice.value, reply.by)
      : { kind: "refused", reason: choice.failure };
    return [asMessage(reply, report), ...this.#close(asked, report)];
  }

  #isAllowed(chat: SourceChat | null, asked: AskedQuestion | null, by: string): boolean {
    const { allowedChatsFor, troubles } = this.#tools;
    if (isAllowed(chat, allowedChatsFor(asked))) return true;
    troubles.say(
      `an answer of ${by} was not taken: chat ${chat?.id ?? "unknown"} is not in allowedChats`,
    );
    return false;
  }

  async #answer(asked: AskedQuestion, choice: AnswerChoice, by: string): Promise<AnswerReport> {
    try {
      return await this.#tools.answer(asked, choice, by);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tools.troubles.say(`an answer could not be kept: ${reason}`);
      return { kind: "refused", reason: "it could not be kept, try again" };
    }
  }

  /** Shows in the question's message how it was closed, and takes its buttons away. */
  #close(asked: AskedQuestion, report: AnswerReport): readonly Telling[] {
    const end = endOf(report);
    const { place } = this.#tools.book.byKey(asked.key) ?? asked;
    if (end === null || place === null) return [];
    const content = closedQuestionMessage(asked.question, end);
    return [(bot, signal) => bot.edit(place.chatId, place.messageId, content, signal)];
  }
}

/** In the small window over the button. */
function inWindow({ callbackId }: Pressed, text: string, isAlert: boolean): Telling {
  return (bot, signal) => bot.answerPress(callbackId, text, isAlert, signal);
}

function asMessage({ chat, threadId, messageId }: Replied, report: AnswerReport): Telling {
  const html = escapeToFit(describeReport(report), 1_000);
  const isSilent = report.kind === "taken";
  const message = { chatId: chat.id, threadId, html, buttons: [], isSilent, replyTo: messageId };
  return (bot, signal) => bot.send(message, signal);
}

/** How a question is closed after a report, or null when it is not. */
function endOf(report: AnswerReport): QuestionEnd | null {
  return report.kind === "taken" || report.kind === "too_late" ? report.end : null;
}
