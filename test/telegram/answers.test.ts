import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeProcessLock } from "../../src/system/process-lock.ts";
import type { AnswerChoice } from "../../src/telegram/answer-choice.ts";
import { AnswerListener } from "../../src/telegram/answers.ts";
import type { AnswerTools } from "../../src/telegram/answers.ts";
import type { AnswerReport } from "../../src/telegram/answer-wording.ts";
import type { AskedQuestion } from "../../src/telegram/asked-question.ts";
import { Secret } from "../../src/secret.ts";
import { botFolder } from "../../src/telegram/bot-folder.ts";
import { Bot } from "../../src/telegram/bot.ts";
import { FolderBook } from "../../src/telegram/question-book.ts";
import type { QuestionEnd } from "../../src/telegram/question-end.ts";
import { questionMessage } from "../../src/telegram/question-message.ts";
import { ReceivedMark } from "../../src/telegram/received-mark.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { until } from "../rig/until.ts";
import { BotApi, TOKEN } from "./bot-api.ts";
import type { ChatMessage } from "./bot-api.ts";
import {
  askedOf,
  questionOf,
  quickPace,
  sampleProposal,
  settingsFor,
  steadyClock,
} from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const CHAT = -100_500;
const KEY = "0123456789abcdef";
/** Nobody waits for so long. */
const HOURS_MS = 7_200_000;
const bob = { id: 8, first_name: "Bob" };

interface Given {
  readonly questionId: string;
  readonly choice: AnswerChoice;
  readonly by: string;
}

let api: BotApi;
let folder: string;
let warnings: string[];
let given: Given[];
let listeners: AnswerListener[];

beforeEach(async () => {
  api = await BotApi.start();
  folder = temporaryFolder();
  warnings = [];
  given = [];
  listeners = [];
});

afterEach(async () => {
  await Promise.all(listeners.map((listener) => listener.close(200)));
  await api.down();
});

/** Keeps the first answer to each question, as a run does. */
async function keepFirst(
  { question }: AskedQuestion,
  choice: AnswerChoice,
  by: string,
): Promise<AnswerReport> {
  const first = given.find(({ questionId }) => questionId === question.id);
  if (first !== undefined) return { kind: "too_late", end: endOf(first) };
  given.push({ questionId: question.id, choice, by });
  return { kind: "taken", end: endOf({ choice, by }), todo: null };
}

function endOf({ choice, by }: Pick<Given, "choice" | "by">): QuestionEnd {
  return choice.kind === "skip"
    ? { kind: "skipped", by }
    : { kind: "answered", text: choice.text, by, onProposalOf: null };
}

function openListener(change: Partial<AnswerTools> = {}): AnswerListener {
  const listener = new AnswerListener({
    settings: settingsFor(api.root),
    warn: (message) => warnings.push(message),
    book: new FolderBook(join(folder, "book")),
    tryLock: () => takeProcessLock(join(folder, "lock.db")),
    mark: new ReceivedMark(join(folder, "received.json"), steadyClock),
    openBot: () => Bot.open(settingsFor(api.root)),
    allowedChatsFor: () => [CHAT],
    answer: keepFirst,
    decide: () => Promise.resolve({ kind: "unknown" }),
    pace: quickPace,
    lockEveryMs: 10,
    ...change,
  });
  listeners.push(listener);
  listener.start();
  return listener;
}

/** Puts a question into the chat. */
async function ask(change: Partial<AskedQuestion> = {}): Promise<ChatMessage> {
  const asked = askedOf(change);
  const bot = await Bot.open(settingsFor(api.root));
  const address = { calls: null, takesAnswers: true, isReminder: false };
  const content = questionMessage(asked, address, null);
  const sent = await bot.send(
    { ...content, chatId: CHAT, threadId: null, isSilent: false, replyTo: null },
    new AbortController().signal,
  );
  const message = api.messages.at(-1);
  if (!sent.ok || message === undefined) throw new Error("not sent");
  new FolderBook(join(folder, "book")).keep({ ...asked, place: sent.value });
  return message;
}

/** What people were told in the small window over the button, in order. */
function told(): readonly unknown[] {
  return api.of("answerCallbackQuery").map(({ payload }) => payload["text"]);
}

async function allIsConfirmed(): Promise<void> {
  await until(() => api.unconfirmed === 0, "the confirmation");
}

test("a pressed button answers, and the message shows the answer and who gave it, without buttons", async () => {
  const message = await ask();
  openListener();
  api.press(message, `o:${KEY}:1`);
  await until(() => message.buttons.length === 0, "the end of the buttons");
  expect(given).toEqual([
    {
      questionId: questionOf().id,
      choice: { kind: "answer", text: "SQLite" },
      by: "@anna",
    },
  ]);
  expect(told()).toEqual(["Answered: SQLite"]);
  expect(message.text).toContain("Answered by @anna:\n<b>SQLite</b>");
});

test("a button that approves a proposal answers with it", async () => {
  const message = await ask({ proposal: sampleProposal });
  openListener();
  api.press(message, `a:${KEY}`);
  await until(() => given.length === 1, "the answer");
  expect(given[0]?.choice).toEqual({ kind: "approve", number: 1, text: "SQLite", by: "manager" });
});

test("a button that is pressed twice is told so, and counts once", async () => {
  const message = await ask();
  api.press(message, `o:${KEY}:1`);
  api.press(message, `o:${KEY}:0`, bob);
  openListener();
  await api.called("answerCallbackQuery", 2);
  expect(told()).toEqual(["Answered: SQLite", "Already answered by @anna: SQLite"]);
  expect(given).toHaveLength(1);
  await allIsConfirmed();
  expect(message.text).toContain("Answered by @anna:");
});

test("a reply to the question answers it, also when it was written before anybody listened", async () => {
  const message = await ask();
  api.reply(message, "MySQL <8> & more", bob);
  openListener();
  await until(() => message.buttons.length === 0, "the end of the buttons");
  expect(given).toMatchObject([
    { choice: { kind: "answer", text: "MySQL <8> & more" }, by: "Bob (8)" },
  ]);
  const [, reply] = api.of("sendMessage");
  expect(reply?.payload).toMatchObject({
    chat_id: CHAT,
    text: "Answered: MySQL &lt;8&gt; &amp; more",
    reply_parameters: { message_id: expect.any(Number) },
  });
});

test("a reply that can't be the answer is told why, and the question stays open", async () => {
  const message = await ask({ question: questionOf({ allowsFreeText: false }) });
  openListener();
  api.reply(message, "MySQL");
  api.reply(message, null);
  await api.called("sendMessage", 3);
  expect(api.messages.slice(1).map(({ text }) => text)).toEqual([
    "Not taken: the answer must be one of: Postgres, SQLite",
    "Not taken: only text can be an answer",
  ]);
  expect(given).toEqual([]);
  expect(message.buttons).toHaveLength(3);
});

test("a chat that is not allowed can't answer", async () => {
  const message = await ask();
  openListener({ allowedChatsFor: () => [-42, "@others"] });
  api.press(message, `o:${KEY}:1`);
  api.reply(message, "SQLite");
  await api.called("answerCallbackQuery");
  await allIsConfirmed();
  expect(told()).toEqual(["Answers are not taken from this chat: not allowed."]);
  expect(api.of("answerCallbackQuery")[0]?.payload["show_alert"]).toBe(true);
  expect(given).toEqual([]);
  expect(api.messages).toHaveLength(1);
  expect(warnings).toEqual([
    `Telegram: an answer of @anna was not taken: chat ${CHAT} is not in allowedChats`,
  ]);
});

test("buttons of questions that never were, or that are closed, are told so", async () => {
  const message = await ask();
  openListener({ answer: async () => ({ kind: "unknown" }) });
  api.press(message, "o:ffff:0");
  api.press(message, `o:${KEY}:7`);
  api.press(message, "somebody else's");
  api.press(message, `o:${KEY}:0`);
  await api.called("answerCallbackQuery", 4);
  expect(new Set(told())).toEqual(new Set(["This question is closed or was never asked."]));
  expect(message.buttons).toHaveLength(3);
});

test("what else is written in the chat is nobody's answer", async () => {
  const message = await ask();
  openListener();
  api.write({ text: "SQLite", chatId: CHAT });
  api.reply({ ...message, id: 55 }, "SQLite");
  await allIsConfirmed();
  expect(given).toEqual([]);
  expect(api.messages).toHaveLength(1);
});

test("nothing is handled twice, also not by who listens next", async () => {
  const message = await ask();
  const first = openListener();
  api.press(message, `o:${KEY}:1`);
  await until(() => message.buttons.length === 0, "the end of the buttons");
  await first.close(PATIENCE_MS);
  expect(api.unconfirmed).toBe(0);
  openListener();
  await api.called("getUpdates", api.of("getUpdates").length + 1);
  expect(told()).toHaveLength(1);
});

test("one process receives at a time, and the next takes over when it leaves", async () => {
  const message = await ask();
  const first = openListener();
  await api.called("getUpdates");
  const before = api.of("getUpdates").length;
  let tries = 0;
  openListener({
    tryLock: () => {
      tries += 1;
      return takeProcessLock(join(folder, "lock.db"));
    },
  });
  await until(() => tries > 3, "the tries of the other one");
  expect(api.of("getUpdates")).toHaveLength(before);
  await first.close(PATIENCE_MS);
  api.press(message, `o:${KEY}:1`);
  await until(() => given.length === 1, "the answer");
  expect(warnings).toEqual([]);
});

test("how far messages are handled is kept, so that a killed process's successor goes on there", async () => {
  const message = await ask();
  api.misbehave = ({ method }) => (method === "answerCallbackQuery" ? { kind: "hang" } : null);
  const killed = openListener();
  api.press(message, `o:${KEY}:1`);
  await api.called("answerCallbackQuery");
  const path = join(folder, "received.json");
  expect(new ReceivedMark(path, steadyClock).offset).toBe(901);
  expect(api.unconfirmed).toBe(1);
  await killed.close(50);
  openListener();
  await allIsConfirmed();
  expect(given).toHaveLength(1);
});

test("a mark is forgotten after a day, when Telegram may count anew, and so is one that can't be read", () => {
  const path = join(folder, "received.json");
  let nowMs = 0;
  const clock = { nowMs: () => nowMs };
  const mark = new ReceivedMark(path, clock);
  expect(mark.offset).toBe(0);
  mark.moveTo(901);
  nowMs = 24 * 3_600_000 - 1;
  expect([mark.offset, new ReceivedMark(path, clock).offset]).toEqual([901, 901]);
  nowMs += 1;
  expect([mark.offset, new ReceivedMark(path, clock).offset]).toEqual([0, 0]);
  for (const broken of ["", "{", "null", "{}", '{"offset":"1","atMs":0}']) {
    writeFileSync(path, broken);
    expect(new ReceivedMark(path, clock).offset).toBe(0);
  }
});

test("a mark that can't be written is said, and nothing is handled twice here", async () => {
  const message = await ask();
  openListener({ mark: new ReceivedMark(join(folder, "gone", "received.json"), steadyClock) });
  api.press(message, `o:${KEY}:1`);
  await allIsConfirmed();
  expect(given).toHaveLength(1);
  expect(warnings[0]).toContain("what was received can't be remembered");
});

test("a press is told what has to be done when nobody goes on with the run, and a remark who got it", async () => {
  const message = await ask({ proposal: sampleProposal });
  openListener({
    answer: async (_asked, choice, by) =>
      choice.kind === "discuss"
        ? { kind: "discussed", by: choice.by, todo: null }
        : { kind: "taken", end: { kind: "skipped", by }, todo: "To go on: delegate wait r" },
  });
  api.reply(message, "? Why not Postgres");
  await until(() => api.messages.length === 2, "the receipt");
  expect(api.messages[1]?.text).toBe("Told manager, who proposes anew.");
  api.press(message, `s:${KEY}`);
  await api.called("answerCallbackQuery");
  expect(told()).toEqual(["Skipped. To go on: delegate wait r"]);
  expect(api.of("answerCallbackQuery")[0]?.payload["show_alert"]).toBe(true);
});

test("closing ends a call that Telegram holds, at once", async () => {
  api.misbehave = ({ payload }) => (Number(payload["timeout"]) > 0 ? { kind: "hang" } : null);
  const listener = openListener({ openBot: () => Bot.open(settingsFor(api.root), HOURS_MS) });
  await api.called("getUpdates");
  await listener.close(HOURS_MS);
});

test("a Telegram that is down is tried again, and said once", async () => {
  const message = await ask();
  await api.down();
  openListener();
  await until(() => warnings.length > 0, "the warning");
  await api.up();
  api.press(message, `o:${KEY}:1`);
  await until(() => given.length === 1, "the answer");
  expect(warnings).toEqual([
    "Telegram: answers can't be received (connection refused); trying again",
  ]);
});

test("a wrong token is said once and ends the listening", async () => {
  api.misbehave = () => ({ kind: "error", code: 401, description: `Unauthorized: ${TOKEN}` });
  openListener();
  await until(() => warnings.length > 0, "the warning");
  expect(warnings[0]).toContain("token is refused (401 Unauthorized: [hidden])");
  expect(api.calls).toHaveLength(1);
});

test("a bot whose messages another program receives is said", async () => {
  const description = "Conflict: terminated by other getUpdates request";
  api.misbehave = ({ method }) =>
    method === "getUpdates" ? { kind: "error", code: 409, description } : null;
  openListener();
  await until(() => warnings.length > 0, "the warning");
  expect(warnings[0]).toContain("another program receives this bot's messages");
});

test("retry_after is honored for receiving and for telling", async () => {
  const message = await ask();
  const limited = new Set(["getUpdates", "answerCallbackQuery"]);
  api.misbehave = ({ method }) =>
    limited.delete(method)
      ? { kind: "error", code: 429, description: "Too Many Requests", retryAfter: 0.1 }
      : null;
  api.press(message, `o:${KEY}:1`);
  openListener();
  await until(() => message.buttons.length === 0, "the end of the buttons");
  for (const method of ["getUpdates", "answerCallbackQuery"]) {
    const [first, second] = api.of(method);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(95);
  }
});

test("an answer that can't be kept is told to be tried again", async () => {
  const message = await ask();
  openListener({
    answer: async () => {
      throw new Error("disk full");
    },
  });
  api.press(message, `o:${KEY}:1`);
  await api.called("answerCallbackQuery");
  expect(told()).toEqual(["Not taken: it could not be kept, try again"]);
  expect(warnings).toEqual(["Telegram: an answer could not be kept: disk full"]);
  expect(message.buttons).toHaveLength(3);
});

test("a message that nobody can read does not keep the next ones from being handled", async () => {
  const message = await ask();
  openListener();
  api.write({ text: "x", chatId: CHAT, chat: null, reply_to_message: {} });
  api.press(message, `o:${KEY}:1`);
  await until(() => given.length === 1, "the answer");
  expect(warnings[0]).toContain("a message could not be handled");
});

test("an answer whose question's message was deleted counts all the same", async () => {
  const message = await ask();
  message.isDeleted = true;
  openListener();
  api.press(message, `o:${KEY}:1`);
  await until(() => given.length === 1, "the answer");
  await allIsConfirmed();
  expect(warnings).toEqual([]);
});

test("an answer that takes for ever does not keep the process", async () => {
  const message = await ask();
  const listener = openListener({ answer: () => new Promise(() => {}) });
  api.press(message, `o:${KEY}:1`);
  await until(() => api.of("getUpdates").length > 0 && api.unconfirmed === 1, "the update");
  await listener.close(50);
});

test("a lock that can't be had is said", async () => {
  openListener({
    tryLock: () => {
      throw new Error("no such folder");
    },
  });
  await until(() => warnings.length > 0, "the warning");
  expect(warnings).toEqual(["Telegram: answers are no longer taken: no such folder"]);
});

test("the folder of a bot is named by its public number", () => {
  const own = join(folder, "telegram", "4711");
  expect(botFolder(folder, new Secret(TOKEN))).toEqual({
    folder: own,
    lock: join(own, "receiving.db"),
    received: join(own, "received.json"),
    questions: join(own, "questions"),
  });
  expect(botFolder(folder, new Secret("../x:y")).folder).toBe(join(folder, "telegram", "0"));
});

test("the book keeps questions to itself and forgets old ones", async () => {
  const path = join(folder, "book");
  const book = new FolderBook(path);
  book.forgetBefore(Date.now());
  await ask();
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(readdirSync(path).map((name) => statSync(join(path, name)).mode & 0o777)).toEqual([
    0o600, 0o600,
  ]);
  expect(book.byKey("../lock")).toBeNull();
  writeFileSync(join(path, "abc.json"), "{");
  expect(book.byKey("abc")).toBeNull();
  for (const name of readdirSync(path)) utimesSync(join(path, name), 1_000, 1_000);
  book.forgetBefore(2_000_000);
  expect(book.byKey(KEY)).toBeNull();
  expect(readdirSync(path)).toEqual([]);
});
