import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { defaultSettings } from "../../src/questions/routing.ts";
import { Bot } from "../../src/telegram/bot.ts";
import { MessageFile } from "../../src/telegram/message-store.ts";
import type { AskableQuestion } from "../../src/telegram/asked-question.ts";
import { FolderBook } from "../../src/telegram/question-book.ts";
import { StatusSink } from "../../src/telegram/status-sink.ts";
import type { StatusSinkTools } from "../../src/telegram/status-sink.ts";
import { until } from "../rig/until.ts";
import { BotApi } from "./bot-api.ts";
import type { ChatMessage } from "./bot-api.ts";
import {
  RUN,
  admittedOf,
  askedOf,
  completed,
  created,
  quickPace,
  sampleProposal,
  settingsFor,
  steadyClock,
} from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const QUESTION = `${RUN}.q1`;

let api: BotApi;
let folder: string;
let warnings: string[];
let journal: RunEvent[];
let askable: AskableQuestion | null;
let askings: number;

beforeEach(async () => {
  api = await BotApi.start();
  folder = temporaryFolder();
  mkdirSync(join(folder, RUN), { mode: 0o700 });
  warnings = [];
  journal = [];
  askings = 0;
  const { question, proposal, runFolder, configPath } = askedOf();
  askable = { question, proposal, runFolder, configPath };
});

afterEach(async () => {
  await api.down();
});

function openSink(change: Partial<StatusSinkTools> = {}): StatusSink {
  return new StatusSink({
    settings: settingsFor(api.root),
    clock: steadyClock,
    warn: (message) => warnings.push(message),
    openBook: () => new FolderBook(join(folder, "book")),
    openBot: () => Bot.open(settingsFor(api.root)),
    storeOf: (runId) => new MessageFile(join(folder, runId)),
    historyOf: () => journal,
    resultOf: () => null,
    rules: defaultSettings,
    lookUp: () => askable,
    onAsking: () => (askings += 1),
    pace: quickPace,
    ...change,
  });
}

/** Something happens in the run: it is kept, and the sink hears of it. */
function happen(sink: StatusSink, ...happenings: readonly RunHappening[]): void {
  for (const happening of happenings) {
    const at = new Date(steadyClock.nowMs()).toISOString();
    const event: RunEvent = { seq: journal.length + 1, at, runId: RUN, ...happening };
    journal.push(event);
    sink.record(event);
  }
}

const opened: RunHappening = {
  type: "question_opened",
  questionId: QUESTION,
  attempt: 1,
  text: "Which database?",
  options: ["Postgres", "SQLite"],
  freeText: true,
  askedBy: "tech-lead",
};
const proposed: RunHappening = {
  type: "question_proposed",
  questionId: QUESTION,
  proposal: "SQLite",
  by: "manager",
};
const answered: RunHappening = {
  type: "question_answered",
  questionId: QUESTION,
  answer: "SQLite",
  by: "ann at a terminal",
  channel: "terminal",
  onProposalOf: null,
};
const withForeman = { rules: { ...defaultSettings, foreman: "manager" } };

function propose(number: number, text: string): void {
  if (askable === null) throw new Error("there is no question");
  askable = { ...askable, proposal: { ...sampleProposal, number, text } };
}

function questions(): readonly ChatMessage[] {
  return api.messages.filter(({ text }) => /^[❓☑⏰].*(asks \(|asked|still waits)/u.test(text));
}

async function areAsked(count: number): Promise<void> {
  await until(() => questions().length === count, `${count} questions`);
}

function kept(): object {
  return new MessageFile(join(folder, RUN)).load() ?? {};
}

test("a question arrives with buttons, and shows its answer when it was given elsewhere, also to the next process", async () => {
  const sink = openSink();
  happen(sink, created, admittedOf(1), opened);
  await areAsked(1);
  await until(() => askings > 0, "the listening");
  const [message] = questions();
  expect(message?.buttons.map(({ text }) => text)).toEqual(["Postgres", "SQLite", "⏭ Skip"]);
  await sink.close();
  expect(kept()).toMatchObject({ askedSeq: 3, questions: [{ questionId: QUESTION, seq: 3 }] });

  const next = openSink();
  askings = 0;
  happen(next, answered);
  await until(() => message?.buttons.length === 0, "the end of the buttons");
  expect(message?.text).toContain("Answered by ann at a terminal:\n<b>SQLite</b>");
  await next.close();
  expect(askings).toBe(1);
  expect(questions()).toHaveLength(1);
  expect(kept()).toMatchObject({ askedSeq: 3, questions: [] });
});

test("a question that was answered before it could be asked is not asked", async () => {
  api.misbehave = ({ method }) => (method === "sendMessage" ? { kind: "slow", ms: 50 } : null);
  const sink = openSink();
  happen(sink, created, opened);
  await api.called("sendMessage");
  happen(sink, answered);
  await sink.close();
  expect(api.messages).toHaveLength(1);
});

test("a question that is answered while it is being asked is closed at once", async () => {
  const sink = openSink();
  happen(sink, created);
  await api.called("sendMessage");
  api.misbehave = ({ method }) => (method === "sendMessage" ? { kind: "slow", ms: 50 } : null);
  happen(sink, opened);
  await api.called("sendMessage", 2);
  happen(sink, { type: "question_skipped", questionId: QUESTION, by: "@anna" });
  await areAsked(1);
  await sink.close();
  expect(questions()[0]?.text).toContain("Skipped by @anna");
});

test("the end of a run closes what is open", async () => {
  const sink = openSink();
  happen(sink, created, opened);
  await areAsked(1);
  happen(sink, completed);
  await sink.close();
  expect(questions()[0]?.text).toContain("the run has ended");
  expect(questions()[0]?.buttons).toEqual([]);
  expect(kept()).toMatchObject({ questions: [] });
});

test("a question whose message was deleted needs nothing more", async () => {
  const sink = openSink();
  happen(sink, created, opened);
  await areAsked(1);
  const [message] = questions();
  if (message !== undefined) message.isDeleted = true;
  happen(sink, answered);
  await sink.close();
  expect(warnings).toEqual([]);
  expect(kept()).toMatchObject({ questions: [] });
});

test("a question that Telegram refuses is said, and the run goes on being shown", async () => {
  const sink = openSink({ settings: settingsFor(api.root, { allowedChats: [404] }) });
  happen(sink, created, opened);
  await until(() => warnings.length > 0, "the warning");
  happen(sink, completed);
  await sink.close();
  expect(warnings).toEqual(["Telegram: refused: 400 Bad Request: chat not found"]);
  expect(questions()).toEqual([]);
  expect(api.messages).toHaveLength(2);
});

test("a question that can't be kept is not asked, and the run goes on being shown", async () => {
  writeFileSync(join(folder, "book"), "a file in the way");
  const sink = openSink();
  happen(sink, created, opened);
  await until(() => warnings.length > 0, "the warning");
  happen(sink, completed);
  await sink.close();
  expect(warnings[0]).toContain("Telegram: refused: the question can't be kept");
  expect(questions()).toEqual([]);
  expect(api.messages).toHaveLength(2);
});

test("with a foreman people are asked once it has proposed something, and by one message at a time", async () => {
  const sink = openSink(withForeman);
  happen(sink, created, opened);
  await until(() => api.messages[0]?.text.includes("asks and waits") === true, "the state");
  expect(questions()).toEqual([]);
  propose(1, "SQLite");
  happen(sink, proposed);
  await areAsked(1);
  propose(2, "Postgres");
  happen(sink, { ...proposed, proposal: "Postgres" });
  await areAsked(2);
  await until(() => questions()[0]?.buttons.length === 0, "the end of the older one");
  expect(questions()[0]?.text).toContain("Asked anew below.");
  expect(questions()[1]?.text).toContain("<b>Postgres</b>");
  expect(questions()[1]?.buttons).toHaveLength(4);
  await sink.close();

  const next = openSink(withForeman);
  happen(next, { type: "driver_left", generation: 1, reason: "not_waiting" });
  await next.close();
  expect(questions()).toHaveLength(2);
  expect(questions()[1]?.buttons).toHaveLength(4);
});

test("what could not be asked in time is asked by the next process, in its newest form", async () => {
  await api.down();
  const sink = openSink(withForeman);
  happen(sink, created, opened);
  propose(1, "SQLite");
  happen(sink, proposed);
  await sink.close(50);
  await api.up();
  const next = openSink(withForeman);
  propose(2, "Postgres");
  happen(next, { ...proposed, proposal: "Postgres" });
  await areAsked(1);
  await next.close();
  expect(questions()[0]?.text).toContain("<b>Postgres</b>");
});

test("a foreman that can't answer is told of with the question", async () => {
  const sink = openSink(withForeman);
  happen(sink, created, opened, {
    type: "question_referred",
    questionId: QUESTION,
    by: "manager",
    reason: "it is away",
  });
  await areAsked(1);
  await sink.close();
  expect(questions()[0]?.text).toContain("<i>manager could not answer: it is away</i>");
});

test("an escalation is a new message, and all of them show the answer", async () => {
  const settings = settingsFor(api.root, { threadId: 7, allowedChats: [-100_500, "@boss"] });
  api.chatNames.set("@Boss", 77);
  const sink = openSink({ settings });
  happen(
    sink,
    created,
    opened,
    { type: "question_escalated", questionId: QUESTION, to: "@Boss" },
    { type: "question_escalated", questionId: QUESTION, to: "anna" },
  );
  await areAsked(2);
  happen(sink, answered);
  await until(() => questions().every(({ buttons }) => buttons.length === 0), "the end");
  await sink.close();
  expect(questions().map(({ chatId, threadId }) => [chatId, threadId])).toEqual([
    [77, null],
    [-100_500, 7],
  ]);
  for (const { text } of questions()) expect(text).toContain("Answered by ann at a terminal");
});

test("a question that nobody knows any more is not asked", async () => {
  askable = null;
  const sink = openSink();
  happen(sink, created, opened, completed);
  await sink.close();
  expect(questions()).toEqual([]);
  expect(existsSync(join(folder, "book"))).toBe(false);
});

test("nobody is asked when the config says so", async () => {
  const sink = openSink({ rules: { ...defaultSettings, otherwise: "nobody" } });
  happen(sink, created, opened, proposed, {
    type: "question_escalated",
    questionId: QUESTION,
    to: "anna",
  });
  await until(() => api.messages.length === 1, "the status");
  await sink.close();
  expect(questions()).toEqual([]);
});
