import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateOf } from "../../flows/flat-state.ts";
import { flowOutcomeOf } from "../../../src/flows/outcome.ts";
import type { Decision } from "../../../src/flows/work.ts";
import { Bot } from "../../../src/telegram/bot.ts";
import { FlowReport } from "../../../src/telegram/flow/flow-report.ts";
import type { FlowReportTools } from "../../../src/telegram/flow/flow-report.ts";
import { MessageFile } from "../../../src/telegram/message-store.ts";
import { FolderBook } from "../../../src/telegram/question-book.ts";
import type { QuestionEnd } from "../../../src/telegram/question-end.ts";
import { Troubles } from "../../../src/telegram/troubles.ts";
import { until } from "../../rig/until.ts";
import { Simulation, approval, approvedBy, evaluator, question } from "../../flows/simulation.ts";
import { approve, ask, agent, flowOf, run } from "../../flows/written-flow.ts";
import { BotApi, TOKEN } from "../bot-api.ts";
import type { ChatMessage } from "../bot-api.ts";
import { askedOf, quickPace, settingsFor, steadyClock } from "../samples.ts";
import { flowEvents } from "./shown-flow.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";

const CHAT = -100_500;

let api: BotApi;
let folder: string;
let warnings: string[];
let nextKey: number;
let askings: number;

beforeEach(async () => {
  api = await BotApi.start();
  folder = temporaryFolder();
  warnings = [];
  nextKey = 1;
  askings = 0;
});

afterEach(async () => {
  await api.down();
});

const flow = flowOf(
  [agent("code"), approve("ok", { needs: ["code"] }), ask("which", { needs: ["ok"] })],
  { name: "build", report: "by ${{ steps.ok.by }}" },
);

function book(): FolderBook {
  return new FolderBook(join(folder, "book"));
}

function rejectedBy(by: string, note: string): Decision {
  return { kind: "rejected", by, note, digest: "d1" };
}

/** A flow run whose steps the test carries out, and the telling of it. */
class Told {
  readonly flow = new Simulation(flow, { flowRunId: "t-296" });
  #report: FlowReport;

  constructor(change: Partial<FlowReportTools> = {}) {
    this.#report = this.#open(change);
  }

  /** What has happened up to now is told of, in the time that it needs. */
  show(): void {
    const isStateWanted = this.#report.see(flowEvents(this.flow.happenings));
    if (isStateWanted) this.#report.seeState(stateOf(this.flow.tree));
  }

  /** The process that told of it is gone; another one does. */
  async goOn(change: Partial<FlowReportTools> = {}): Promise<void> {
    await this.close();
    this.#report = this.#open(change);
  }

  seeQuestions(): void {
    this.#report.seeQuestions();
  }

  seeCarrier(isCarriedOn: boolean): void {
    this.#report.seeCarrier(isCarriedOn);
  }

  close(): Promise<void> {
    return this.#report.close(2_000, false);
  }

  get isToldToItsEnd(): boolean {
    return this.#report.isToldToItsEnd;
  }

  #open(change: Partial<FlowReportTools>): FlowReport {
    const settings = change.settings ?? settingsFor(api.root);
    return new FlowReport(stateOf(this.flow.tree).request, {
      settings,
      clock: steadyClock,
      pace: quickPace,
      troubles: new Troubles((message) => warnings.push(message), settings.token),
      book: book(),
      openBot: () => Bot.open(settings),
      store: new MessageFile(folder),
      configPath: "/nowhere/delegate.config.json",
      doesAskPeople: true,
      newKey: () => String(nextKey++).padStart(16, "0"),
      questionOf: () => null,
      historyOf: () => ({ goneTo: [], proposals: 0 }),
      isAnythingAsked: () => false,
      questionsForPeople: () => [],
      answerOf: () => null,
      onAsking: () => (askings += 1),
      outcomeOf: async ({ view }) => {
        const state = stateOf(this.flow.tree);
        return view.end === null
          ? null
          : flowOutcomeOf(state, view.end.how, view.end.atMs, evaluator);
      },
      ...change,
    });
  }
}

/** A flow run that waits for its approval, and people have been asked. */
async function waiting(change: Partial<FlowReportTools> = {}): Promise<Told> {
  const told = new Told(change);
  told.flow.done("code");
  told.flow.waits("ok", approval);
  told.show();
  await says("ok waits for an approval");
  return told;
}

async function says(text: string, times = 1): Promise<readonly ChatMessage[]> {
  const find = (): readonly ChatMessage[] =>
    api.messages.filter((message) => message.text.includes(text));
  await until(() => find().length >= times, `"${text}" in the chat`);
  return find();
}

function headlines(): readonly string[] {
  return api.messages.map(({ text }) => (text.split("\n")[0] ?? "").replace(/, \d.*$/, ""));
}

test("a flow run has one message, what it wants of people, and its end in a new message", async () => {
  const told = new Told();
  told.flow.claim("code");
  told.show();
  await says("🔧 t-296: coder");
  told.flow.finish("code", { end: "done", output: {}, usage: null });
  told.flow.waits("ok", approval);
  told.show();
  await says("❓ t-296: ok waits for an approval");
  told.flow.decide("ok", approvedBy("eva"));
  told.flow.done("ok", { approved: true, by: "eva", note: null });
  told.flow.waits("which", question);
  told.show();
  await says("❓ t-296: which waits for an answer");
  told.flow.decide("which", { kind: "answered", by: "tom", answer: "red" });
  told.flow.done("which", { answer: "red", by: "tom" });
  told.show();
  await until(() => told.isToldToItsEnd, "the end");
  await told.close();
  expect(headlines()).toEqual([
    "✅ t-296: complete",
    "☑️ t-296: ok waited for an approval",
    "☑️ t-296: which waited for an answer",
    "✅ t-296: complete",
  ]);
  expect(api.messages[1]?.text).toContain("Approved by eva");
  expect(api.messages[2]?.text).toContain("Answered by tom:\n<b>red</b>");
  expect(api.messages[3]?.text).toContain("by eva");
  expect(warnings).toEqual([]);
  expect(askings).toBe(2);
});

test("what has changed since is asked anew, and the older message approves nothing any more", async () => {
  const told = await waiting();
  told.flow.decide("ok", approvedBy("eva"));
  told.flow.waits("ok", { ...approval, digest: "d2", message: "And now?" });
  told.show();
  const [older, newer] = await says("an approval", 2);
  await until(() => older?.buttons.length === 0, "the end of its buttons");
  expect(older?.text).toContain("Asked anew below.");
  expect(newer?.text).toContain("And now?");
  expect(newer?.buttons).toHaveLength(2);
  // And back again: it is the same as at first, and has no buttons any more.
  told.flow.decide("ok", approvedBy("eva", "d2"));
  told.flow.waits("ok", approval);
  told.show();
  const [, , third] = await says("an approval", 3);
  expect(third?.buttons).toHaveLength(2);
  await told.close();
});

test("whoever goes on keeps the messages, and closes what was decided meanwhile", async () => {
  const told = await waiting();
  await told.goOn();
  told.show();
  await until(() => askings === 2, "somebody who listens again");
  told.flow.decide("ok", rejectedBy("eva", "no tests"));
  await told.goOn();
  told.show();
  await says("Rejected by eva:\nno tests");
  await told.close();
  expect(api.messages).toHaveLength(2);
});

test("nobody is asked twice, however often it is looked at", async () => {
  const told = await waiting();
  for (let looks = 0; looks < 20; looks += 1) told.show();
  await told.close();
  expect(headlines()).toEqual(["❓ t-296: ok waits for you", "❓ t-296: ok waits for an approval"]);
});

test("what is asked is closed at the end", async () => {
  const told = await waiting();
  told.flow.signal({ kind: "cancel", by: "ann", reason: null });
  told.show();
  await until(() => told.isToldToItsEnd, "the end");
  await told.close();
  const [, asked] = api.messages;
  expect(asked?.text).toContain("Closed without an answer: the run has ended.");
  expect(asked?.buttons).toEqual([]);
});

test("an agent's questions are asked like those of any run", async () => {
  const { question: asked, proposal, runFolder, configPath } = askedOf();
  const told = new Told({
    questionOf: (id) =>
      id === asked.id ? { question: asked, proposal, runFolder, configPath } : null,
    answerOf: () => ({ kind: "answered", text: "SQLite", by: "carl", onProposalOf: null }),
  });
  const questionIds = [asked.id, "01elsewhere.q1"];
  told.flow.waits("code", { kind: "agent_questions", runId: asked.runId, questionIds });
  told.show();
  const [message] = await says("❓ tech-lead asks (attempt 1):");
  told.flow.decide("code", { kind: "resumed" });
  told.show();
  await until(() => message?.buttons.length === 0, "the end of its buttons");
  expect(message?.text).toContain("Answered by carl:\n<b>SQLite</b>");
  await told.close();
  expect(api.messages).toHaveLength(2);
});

test("what an agent asks while it is at work is asked, anew when a foreman proposes anew, and closed when it goes on", async () => {
  const { question: asked, proposal, runFolder, configPath } = askedOf();
  const runId = "t-296.code.1.1";
  const id = `${runId}.q1`;
  const open = new Set([id, "01elsewhere.q1"]);
  let proposals = 1;
  let answer: QuestionEnd | null = null;
  const told = new Told({
    isAnythingAsked: () => open.size > 0,
    questionsForPeople: (runIds) => [...open].filter((each) => runIds.has(each.slice(0, -3))),
    historyOf: () => ({ goneTo: [], proposals }),
    questionOf: () => ({ question: { ...asked, id, runId }, proposal, runFolder, configPath }),
    answerOf: () => answer,
  });
  told.flow.claim("code");
  told.show();
  const works = (words: string): void => {
    told.flow.happenings.push({ type: "step_progress", key: "code", words });
    told.show();
  };
  works("asks");
  const [first] = await says("❓ tech-lead asks (attempt 1):");
  proposals = 2;
  told.seeQuestions();
  const [, second] = await says("tech-lead ask", 2);
  await until(() => first?.buttons.length === 0, "the end of the older buttons");
  expect(first?.text).toContain("Asked anew below.");
  expect(second?.buttons).not.toEqual([]);
  open.delete(id);
  answer = { kind: "answered", text: "SQLite", by: "carl", onProposalOf: null };
  works("was answered");
  await says("Answered by carl:\n<b>SQLite</b>");
  await told.close();
  expect(second?.buttons).toEqual([]);
  expect(api.messages).toHaveLength(3);
});

test("an agent's question goes to the next in line in a new message, once", async () => {
  const { question: asked, proposal, runFolder, configPath } = askedOf();
  const line: string[] = [];
  const tools: Partial<FlowReportTools> = {
    questionOf: (id) =>
      id === asked.id ? { question: asked, proposal, runFolder, configPath } : null,
    historyOf: (id) => ({ goneTo: id === asked.id ? line : [], proposals: 0 }),
    answerOf: (id) =>
      id === asked.id ? { kind: "answered", text: "SQLite", by: "carl", onProposalOf: null } : null,
  };
  const told = new Told(tools);
  told.seeQuestions();
  told.flow.waits("code", {
    kind: "agent_questions",
    runId: asked.runId,
    questionIds: [asked.id],
  });
  told.show();
  await says("❓ tech-lead asks (attempt 1):");
  told.seeQuestions();
  line.push("@anna");
  told.seeQuestions();
  await says("⏰ @anna: tech-lead still waits for an answer (attempt 1):");
  // Whoever tells next knows what was said.
  await told.goOn(tools);
  line.push("@bob");
  told.show();
  await says("⏰ @bob: tech-lead still waits for an answer (attempt 1):");
  told.seeQuestions();
  told.flow.decide("code", { kind: "resumed" });
  told.show();
  await says("Answered by carl:", 3);
  await told.close();
  expect(api.messages).toHaveLength(4);
});

test("where people are not asked what agents ask, they still approve", async () => {
  const told = new Told({ doesAskPeople: false, questionOf: () => askedOf() });
  const questionIds = [askedOf().question.id];
  told.flow.waits("code", { kind: "agent_questions", runId: "01r", questionIds });
  told.show();
  await says("❓ t-296: coder waits for you");
  await told.close();
  expect(api.messages).toHaveLength(1);
});

test("a step that nobody knows the end of is decided about", async () => {
  const asking = flowOf([run("publish", { recovery: "ask" })], { name: "build" });
  const simulation = new Simulation(asking, { flowRunId: "t-296" });
  simulation.claim("publish");
  simulation.recover("publish");
  const told = new Told();
  told.flow.tree = simulation.tree;
  told.flow.happenings.splice(0, Infinity, ...simulation.happenings);
  await told.goOn();
  told.show();
  const [message] = await says("publish has lost its worker");
  expect(message?.buttons.map(({ text }) => text)).toEqual(["Begin it again", "Go on without it"]);
  await told.close();
});

test("people are asked where their answers are taken from", async () => {
  const settings = settingsFor(api.root, { allowedChats: [7, 8] });
  const told = await waiting({ settings });
  await says("an approval", 2);
  await told.close();
  expect(api.messages.map(({ chatId }) => chatId)).toEqual([CHAT, 7, 8]);
});

test("it is said that nobody goes on with it, and taken back", async () => {
  const told = await waiting();
  told.seeCarrier(false);
  await says("Nobody goes on with it now");
  told.seeCarrier(true);
  await until(() => !api.messages[0]?.text.includes("Nobody goes on"), "its end");
  await told.close();
});

test("a step that is done again has its end told again", async () => {
  const told = await waiting();
  told.flow.decide("ok", rejectedBy("eva", "no"));
  told.flow.fails("ok");
  told.show();
  await until(() => told.isToldToItsEnd, "the end");
  told.flow.signal({ kind: "retry_from", key: "ok" });
  told.flow.waits("ok", approval);
  await told.goOn();
  told.show();
  await says("❓ t-296: ok waits for an approval");
  told.flow.signal({ kind: "cancel", by: "ann", reason: null });
  told.show();
  await until(() => told.isToldToItsEnd, "the second end");
  await told.close();
  expect(headlines().filter((line) => line.startsWith("⛔") || line.startsWith("❌"))).toEqual([
    "⛔ t-296: canceled",
    "❌ t-296: failed",
    "⛔ t-296: canceled",
  ]);
});

test("nothing more is tried for a chat that is not there", async () => {
  const told = new Told({ settings: settingsFor(api.root, { chatId: 404 }) });
  told.flow.signal({ kind: "cancel", by: "ann", reason: null });
  told.show();
  await until(() => told.isToldToItsEnd, "the end of trying");
  await told.close();
  expect(warnings).toEqual(["Telegram: refused: 400 Bad Request: chat not found"]);
});

test("its bot's token is never shown, whoever says it", async () => {
  const told = new Told();
  told.flow.claim("code");
  told.flow.happenings.push({ type: "step_progress", key: "code", words: `It is ${TOKEN}.` });
  told.show();
  await says("“It is [hidden].”");
  await told.close();
});
