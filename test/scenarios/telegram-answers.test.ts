import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import type { BotApi, ChatMessage } from "../telegram/bot-api.ts";
import {
  CHAT,
  asksOnce,
  buttonOf,
  driverOf,
  headlines,
  newProject,
  nobodyIsLeft,
  says,
  told,
  watchersOf,
  which,
  words,
} from "../telegram/project.ts";
import type { Project } from "../telegram/project.ts";

const bob = { id: 8, is_bot: false, first_name: "Bob" };

type Tools = Parameters<typeof newProject>[0];

/** A project with a run that has asked in Telegram, and whose first process has left with exit code 7. */
async function askedProject(
  tools: Tools,
  more: object = {},
  questions: readonly object[] = [which],
): Promise<Project & { readonly question: ChatMessage }> {
  const project = await newProject(tools, more);
  project.rig.gateway.onHook = asksOnce(questions);
  const { exitCode } = await project.rig.json(told);
  if (exitCode !== 7) throw new Error(`exit code ${exitCode} instead of 7`);
  return { ...project, question: await asks(project) };
}

/** Waits until the question is in the chat, and whoever asked it listens. */
async function asks(project: Project): Promise<ChatMessage> {
  const question = await says(project, "asks (attempt 1):");
  await project.api.called("getUpdates");
  return question;
}

function press(api: BotApi, message: ChatMessage, button: string, from?: object): void {
  api.press(message, buttonOf(message, button), from);
}

/** What people were told in the small window over the button, in order. */
function windows(api: BotApi): readonly unknown[] {
  return api.of("answerCallbackQuery").map(({ payload }) => payload["text"]);
}

function answers(rig: Rig): readonly object[] {
  return rig.events("r").filter(({ type }) => type === "question_answered");
}

async function isComplete(project: Project): Promise<void> {
  await nobodyIsLeft(project);
  if (project.rig.events("r").at(-1)?.["status"] !== "complete") throw new Error("not complete");
}

describe("a question in Telegram", () => {
  scenario(
    "has buttons, and is answered by one of them though the process that asked has left",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, api, question } = project;
      expect(question.text).toContain("❓ worker asks (attempt 1):\nWhich database?");
      expect(question.buttons.map(({ text }) => text)).toEqual(["PostgreSQL", "SQLite", "⏭ Skip"]);
      expect(question).toMatchObject({ chatId: CHAT, threadId: null });
      press(api, question, "SQLite");
      await isComplete(project);
      expect(windows(api)).toEqual(["Answered: SQLite"]);
      expect(question.text).toContain("Answered by @anna:\n<b>SQLite</b>");
      expect(question.buttons).toEqual([]);
      expect(answers(rig)).toMatchObject([
        { answer: "SQLite", by: "@anna", channel: "telegram", onProposalOf: null },
      ]);
      expect(rig.read("handoffs/r/attempt-2.md")).toContain("Answer of @anna: SQLite");
      expect(headlines(project).at(-1)).toBe("✅ worker: complete after 2 attempts");
      expect(rig.gateway.sent).toHaveLength(2);
    },
  );

  scenario(
    "is asked because the config says so, in the topic, and answered by a reply while its process waits",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished }, { notify: ["telegram"] });
      const { rig, api } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      rig.writeConfig({ ...config, telegram: { ...config.telegram, threadId: 7 } });
      rig.gateway.onHook = asksOnce();
      const running = rig.start([...words, "--on-question", "wait"]);
      const question = await asks(project);
      expect(question.threadId).toBe(7);
      api.reply(question, "MySQL <8>", bob);
      expect((await running.end).exitCode).toBe(0);
      expect(answers(rig)).toMatchObject([
        { answer: "MySQL <8>", by: "Bob (8)", channel: "telegram" },
      ]);
      expect(question.text).toContain("Answered by Bob (8):\n<b>MySQL &lt;8&gt;</b>");
      expect(api.messages.map(({ text }) => text)).toContain("Answered: MySQL &lt;8&gt;");
      expect(watchersOf(rig)).toEqual([]);
    },
  );

  scenario("can be skipped", async ({ newRig, expect, onTestFinished }) => {
    const project = await askedProject({ newRig, onTestFinished });
    press(project.api, project.question, "⏭ Skip");
    await isComplete(project);
    expect(windows(project.api)).toEqual(["Skipped."]);
    expect(project.question.text).toContain("Skipped by @anna");
    expect(project.rig.read("handoffs/r/attempt-2.md")).toContain("No answer: @anna skipped it.");
  });

  scenario(
    "from inside a running attempt is answered as well",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const running = rig.start(told);
      await rig.hasHappened("r", "attempt_admitted");
      const asking = rig.run(["handoff", "ask", "Which port?", "--run-id", "r", "--wait"]);
      const question = await asks(project);
      expect(question.buttons.map(({ text }) => text)).toEqual(["⏭ Skip"]);
      api.reply(question, "8080");
      expect(await asking).toMatchObject({ exitCode: 0, stdout: "8080\n" });
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await running.end).exitCode).toBe(0);
    },
  );

  scenario(
    "that is answered at a terminal shows that, and loses its buttons",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, question } = project;
      const answered = await rig.run(["answer", "r.q1", "--option", "1", "--by", "carl"]);
      expect(answered).toMatchObject({ exitCode: 0, stderr: "" });
      await isComplete(project);
      expect(question.text).toContain("Answered by carl:\n<b>PostgreSQL</b>");
      expect(question.buttons).toEqual([]);
    },
  );

  scenario(
    "of a run that ends without an answer says so, and takes none any more",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, api, question } = project;
      const [button] = question.buttons;
      api.press(question, "o:ffff:1");
      await api.called("answerCallbackQuery");
      await rig.run(["cancel", "r"]);
      await nobodyIsLeft(project);
      expect(question.text).toContain("Closed without an answer: the run has ended.");
      expect(question.buttons).toEqual([]);
      expect(headlines(project)).toContain("⛔ worker: canceled after 1 attempt");
      const other = rig.start(["worker", "more", "--run-id", "s", "--notify", "telegram"]);
      api.press(question, button?.data ?? "");
      rig.gateway.onHook = asksOnce();
      await other.end;
      await api.called("answerCallbackQuery", 2);
      expect(windows(api)).toEqual([
        "This question is closed or was never asked.",
        "Too late: the run has ended.",
      ]);
      await rig.run(["cancel", "s"]);
      await nobodyIsLeft(project);
    },
  );

  scenario(
    "is closed also when somebody deletes its message",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const data = buttonOf(project.question, "SQLite");
      project.question.isDeleted = true;
      project.api.press(project.question, data);
      await isComplete(project);
      expect(answers(project.rig)).toHaveLength(1);
      expect(existsSync(`${project.rig.handoffDir}/r/notify.log`)).toBe(false);
    },
  );
});

describe("who may answer", () => {
  scenario(
    "nobody in a chat that is not allowed; that is told and noted",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      rig.writeConfig({ ...config, telegram: { ...config.telegram, allowedChats: [-42] } });
      rig.gateway.onHook = asksOnce();
      expect((await rig.json(told)).exitCode).toBe(7);
      const question = await asks(project);
      expect(question.chatId).toBe(-42);
      press(api, { ...question, chatId: -666 }, "SQLite", bob);
      await api.called("answerCallbackQuery");
      expect(windows(api)).toEqual(["Answers are not taken from this chat: not allowed."]);
      api.reply({ ...question, chatId: -666 }, "SQLite", bob);
      await until(() => api.unconfirmed === 0, "the confirmation");
      expect(rig.read("handoffs/r/notify.log")).toContain(
        "Telegram: an answer of Bob (8) was not taken: chat -666 is not in allowedChats",
      );
      press(api, question, "SQLite");
      await isComplete(project);
      expect(answers(rig)).toMatchObject([{ by: "@anna" }]);
    },
  );

  scenario(
    "whom the config of the run allows at the time of the answer",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, api, question } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      rig.writeConfig({ ...config, telegram: { ...config.telegram, allowedChats: [] } });
      press(api, question, "SQLite");
      await api.called("answerCallbackQuery");
      expect(windows(api)).toEqual(["Answers are not taken from this chat: not allowed."]);
      rig.writeConfig(config);
      press(api, question, "SQLite");
      await isComplete(project);
    },
  );

  scenario(
    "nobody, where no chat is allowed: the question says how else",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      rig.writeConfig({ ...config, telegram: { ...config.telegram, allowedChats: [] } });
      rig.gateway.onHook = asksOnce();
      await rig.json(told);
      const question = await says(project, "asks (attempt 1):");
      expect(question).toMatchObject({ chatId: CHAT, buttons: [] });
      expect(question.text).toContain("At a terminal: <code>delegate answer r.q1</code>");
      expect(question.text).toContain("1. PostgreSQL\n2. SQLite");
      await rig.run(["skip", "r.q1"]);
      await isComplete(project);
    },
  );

  scenario(
    "the first of those who answer at once, at a terminal and in Telegram; the others are told who was faster",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, api, question } = project;
      const data = buttonOf(question, "SQLite");
      api.press(question, data);
      api.press(question, data, bob);
      const atTerminal = await rig.run(["answer", "r.q1", "PostgreSQL", "--by", "carl"]);
      await isComplete(project);
      await api.called("answerCallbackQuery", 2);
      const [answer] = answers(rig);
      expect(answers(rig)).toHaveLength(1);
      const won = answer !== undefined && "by" in answer ? answer.by : null;
      const [first, second] = windows(api);
      if (won === "carl") {
        expect(atTerminal.exitCode).toBe(0);
        expect([first, second]).toEqual([
          "Already answered by carl: PostgreSQL",
          "Already answered by carl: PostgreSQL",
        ]);
      } else {
        expect(won).toBe("@anna");
        expect(atTerminal.exitCode).toBe(2);
        expect(atTerminal.stderr).toContain("answered by @anna: SQLite");
        expect([first, second]).toEqual(["Answered: SQLite", "Already answered by @anna: SQLite"]);
      }
      expect(question.text).toContain(`Answered by ${String(won)}:`);
    },
  );
});

describe("who receives", () => {
  /** Two runs that ask, each with a watcher of its own. */
  async function twoRuns(tools: Tools): Promise<Project & { readonly asked: ChatMessage[] }> {
    const project = await newProject(tools);
    project.rig.gateway.onHook = asksOnce();
    const asked: ChatMessage[] = [];
    for (const runId of ["r", "s"]) {
      const line = ["worker", "do it", "--run-id", runId, "--notify", "telegram"];
      await project.rig.json(line);
      asked.push(await says(project, `<code>${runId}.q1</code>`));
      await project.rig.hasHappened(runId, "driver_took_over");
    }
    await project.api.called("getUpdates");
    return { ...project, asked };
  }

  /** The process that has the bot's lock open. */
  function receiverOf({ folder }: Rig): number | null {
    const isOpenIn = (pid: number): boolean => {
      try {
        return readdirSync(`/proc/${pid}/fd`).length > 0 && holdsLock(pid, folder);
      } catch {
        return false;
      }
    };
    return watchersOf({ folder } as Rig).find(isOpenIn) ?? null;
  }

  scenario(
    "one of two watchers, for the runs of both; when it ends, the other one",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await twoRuns({ newRig, onTestFinished });
      const { rig, api, asked } = project;
      const [first, second] = asked;
      if (first === undefined || second === undefined) throw new Error("not asked");
      press(api, second, "SQLite");
      await rig.hasHappened("s", "run_ended");
      press(api, first, "PostgreSQL");
      await isComplete(project);
      expect(api.conflicts).toBe(0);
      expect(windows(api)).toEqual(["Answered: SQLite", "Answered: PostgreSQL"]);
      expect(answers(rig)).toMatchObject([{ answer: "PostgreSQL", channel: "telegram" }]);
    },
  );
  void receiverOf;
  void join;
  void readFileSync;
  void driverOf;
  void admit;
});

function holdsLock(_pid: number, _folder: string): boolean {
  return false;
}
