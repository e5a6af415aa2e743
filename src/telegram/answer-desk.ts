import { success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { choiceOfPress, choiceOfReply } from "./answer-choice.ts";
import type { AnswerChoice } from "./answer-choice.ts";
import { NOT_ALLOWED, describeReport } from "./answer-wording.ts";
import type { AnswerReport } from "./answer-wording.ts";
import type { Asked, AskedQuestion, QuestionBook } from "./asked-question.ts";
import { closedMessage } from "./asking-message.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot } from "./bot.ts";
import { parseButtonData } from "./button.ts";
import type { PressedButton } from "./button.ts";
import type { AskedStep } from "./flow/asked-step.ts";
import { stepChoiceOfPress, stepChoiceOfReply } from "./flow/step-choice.ts";
import type { StepChoice } from "./flow/step-choice.ts";
import { escapeToFit } from "./html.ts";
import { isAllowed } from "./incoming.ts";
import type { Incoming, SourceChat } from "./incoming.ts";
import type { QuestionEnd } from "./question-end.ts";
import type { ChatId } from "./settings.ts";
import type { Troubles } from "./troubles.ts";

/** What takes answers in, and keeps them. */
export interface AnswerDeskTools {
  readonly book: QuestionBook;
  readonly troubles: Troubles;
  /** The chats from which answers to a question are taken; to none that is known when null. */
  readonly allowedChatsFor: (asked: Asked | null) => readonly ChatId[];
  /** Keeps an answer, unless there is one already. */
  readonly answer: (
    asked: AskedQuestion,
    choice: AnswerChoice,
    by: string,
  ) => Promise<AnswerReport>;
  /** The same with what is decided about a step of a flow run. */
  readonly decide: (asked: AskedStep, choice: StepChoice, by: string) => Promise<AnswerReport>;
}

/** A call that tells people what came of what they did. */
export type Telling = (bot: Bot, signal: AbortSignal) => Promise<Result<unknown, BotFault>>;

/** What is to be done with what somebody wants, once they are named. */
type Doing = (by: string, tools: AnswerDeskTools) => Promise<AnswerReport>;

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
    const doing = asked === null || button === null ? null : doingOfPress(asked, button);
    if (asked === null || doing === null)
      return [inWindow(press, describeReport({ kind: "unknown" }), true)];
    const report = await this.#do(doing, press.by);
    const isPlain = report.kind === "taken" && report.todo === null;
    return [inWindow(press, describeReport(report), !isPlain), ...this.#close(asked, report)];
  }

  async #takeReply(reply: Replied): Promise<readonly Telling[]> {
    const asked = this.#tools.book.byMessage(reply.to);
    if (asked === null || !this.#isAllowed(reply.chat, asked, reply.by)) return [];
    const doing = doingOfReply(asked, reply.text);
    const report: AnswerReport = doing.ok
      ? await this.#do(doing.value, reply.by)
      : { kind: "refused", reason: doing.failure };
    return [asMessage(reply, report), ...this.#close(asked, report)];
  }

  #isAllowed(chat: SourceChat | null, asked: Asked | null, by: string): boolean {
    const { allowedChatsFor, troubles } = this.#tools;
    if (isAllowed(chat, allowedChatsFor(asked))) return true;
    troubles.say(
      `an answer of ${by} was not taken: chat ${chat?.id ?? "unknown"} is not in allowedChats`,
    );
    return false;
  }

  async #do(doing: Doing, by: string): Promise<AnswerReport> {
    try {
      return await doing(by, this.#tools);
    } catch (error) {
      const reason = messageOf(error);
      this.#tools.troubles.say(`an answer could not be kept: ${reason}`);
      return { kind: "refused", reason: "it could not be kept, try again" };
    }
  }

  /** Shows in the question's message how it was closed, and takes its buttons away. */
  #close(asked: Asked, report: AnswerReport): readonly Telling[] {
    const end = endOf(report);
    const { place } = this.#tools.book.byKey(asked.key) ?? asked;
    if (end === null || place === null) return [];
    const content = closedMessage(asked, end);
    return [(bot, signal) => bot.edit(place.chatId, place.messageId, content, signal)];
  }
}

function doingOfPress(asked: Asked, button: PressedButton): Doing | null {
  if (asked.schema === "delegate.telegram-step.v1") {
    const choice = stepChoiceOfPress(asked, button);
    return choice === null ? null : (by, { decide }) => decide(asked, choice, by);
  }
  const choice = choiceOfPress(asked, button);
  return choice === null ? null : (by, { answer }) => answer(asked, choice, by);
}

function doingOfReply(asked: Asked, text: string | null): Result<Doing, string> {
  if (asked.schema === "delegate.telegram-step.v1") {
    const choice = stepChoiceOfReply(asked, text);
    return choice.ok ? success((by, { decide }) => decide(asked, choice.value, by)) : choice;
  }
  const choice = choiceOfReply(asked, text);
  return choice.ok ? success((by, { answer }) => answer(asked, choice.value, by)) : choice;
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
