import { existsSync } from "node:fs";
import { describe } from "vitest";
import { scenario } from "../rig/scenario.ts";
import type { BotCall } from "../telegram/bot-api.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import {
  bob,
  askedProject,
  asks,
  press,
  windows,
  answers,
  isComplete,
  kill,
} from "../telegram/asked-project.ts";
import type { Tools } from "../telegram/asked-project.ts";
import {
  CHAT,
  asksOnce,
  buttonOf,
  headlines,
  newProject,
  nobodyIsLeft,
  says,
  told,
  words,
} from "../telegram/project.ts";
import type { Project } from "../telegram/project.ts";

/** Whether a call puts a run's question into the chat. */
function isQuestion({ method, payload }: BotCall): boolean {
  return method === "sendMessage" && String(payload["text"]).includes("asks (attempt 1)");
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
      const running = rig.inside([...words, "--on-question", "wait"]);
      const question = await asks(project);
      expect(question.threadId).toBe(7);
      api.reply(question, "MySQL <8>", bob);
      expect((await running).exitCode).toBe(0);
      expect(answers(rig)).toMatchObject([
        { answer: "MySQL <8>", by: "Bob (8)", channel: "telegram" },
      ]);
      expect(question.text).toContain("Answered by Bob (8):\n<b>MySQL &lt;8&gt;</b>");
      expect(api.messages.map(({ text }) => text)).toContain("Answered: MySQL &lt;8&gt;");
      await nobodyIsLeft(project);
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
      const running = rig.inside(told);
      await rig.hasHappened("r", "attempt_admitted");
      const asking = rig.inside(["handoff", "ask", "Which port?", "--run-id", "r", "--wait"]);
      const question = await asks(project);
      expect(question.buttons.map(({ text }) => text)).toEqual(["⏭ Skip"]);
      api.reply(question, "8080");
      expect(await asking).toMatchObject({ exitCode: 0, stdout: "8080\n" });
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await running).exitCode).toBe(0);
    },
  );

  scenario(
    "is asked once, also by a process that leaves while Telegram takes its time",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      api.misbehave = (call) => (isQuestion(call) ? { kind: "slow", ms: 1_500 } : null);
      rig.gateway.onHook = asksOnce();
      expect((await rig.inside(told)).exitCode).toBe(7);
      const question = await asks(project);
      press(api, question, "SQLite");
      await isComplete(project);
      expect(api.of("sendMessage").filter(isQuestion)).toHaveLength(1);
      expect(question.buttons).toEqual([]);
    },
  );

  scenario(
    "that is answered at a terminal shows that, and loses its buttons",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, question } = project;
      const answered = await rig.inside(["answer", "r.q1", "--option", "1", "--by", "carl"]);
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
      await rig.inside(["cancel", "r"]);
      await nobodyIsLeft(project);
      expect(question.text).toContain("Closed without an answer: the run has ended.");
      expect(question.buttons).toEqual([]);
      expect(headlines(project)).toContain("⛔ worker: canceled after 1 attempt");
      const other = rig.inside(["worker", "more", "--run-id", "s", "--notify", "telegram"]);
      api.press(question, button?.data ?? "");
      rig.gateway.onHook = asksOnce();
      await other;
      await api.called("answerCallbackQuery", 2);
      expect(windows(api)).toEqual([
        "This question is closed or was never asked.",
        "Too late: the run has ended.",
      ]);
      await rig.inside(["cancel", "s"]);
      await nobodyIsLeft(project);
    },
  );

  scenario(
    "of a run that nobody drives and somebody cancels is closed as well",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, question } = project;
      await rig.hasHappened("r", "driver_took_over");
      await kill(rig, "r");
      expect((await rig.inside(["cancel", "r"])).exitCode).toBe(0);
      const isClosed = (): boolean =>
        question.text.includes("Closed without an answer: the run has ended.");
      await until(isClosed, "the end of the question");
      await says(project, "⛔ worker: canceled after 1 attempt", [question]);
      await nobodyIsLeft(project);
      expect(headlines(project).at(-1)).toBe("⛔ worker: canceled after 1 attempt");
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
      expect((await rig.jsonInside(told)).exitCode).toBe(7);
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
      await rig.jsonInside(told);
      const question = await says(project, "asks (attempt 1):");
      expect(question).toMatchObject({ chatId: CHAT, buttons: [] });
      expect(question.text).toContain("At a terminal: <code>delegate answer r.q1</code>");
      expect(question.text).toContain("1. PostgreSQL\n2. SQLite");
      await rig.inside(["skip", "r.q1"]);
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
      const atTerminal = await rig.inside(["answer", "r.q1", "PostgreSQL", "--by", "carl"]);
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

/** What a foreman says, in the order of its runs; the worker asks first, and then is done. */
async function withForeman(
  tools: Tools,
  verdicts: readonly object[],
  questions: object = {},
): Promise<Project> {
  const project = await newProject(tools);
  const { rig } = project;
  const config = JSON.parse(rig.read("delegate.config.json"));
  const { worker } = config.agents;
  rig.writeConfig({
    ...config,
    agents: { worker, manager: worker },
    questions: { foreman: "manager", ...questions },
  });
  const work = asksOnce();
  let said = 0;
  rig.gateway.onHook = async (call, response) => {
    if (call.body["agentId"] !== "manager") return work(call, response);
    admit(response);
    const verdict = verdicts[Math.min(said, verdicts.length - 1)];
    said += 1;
    writeAsAgent(call.handoffPath, goodHandoff(call, { agent: "manager", ...verdict }));
  };
  return project;
}

const saying = (answer: string, isSure: boolean): object => ({
  data: { answer, isSure, reason: "It is small." },
});

describe("a foreman", () => {
  scenario(
    "that is sure answers without anybody being asked, and its own run is no message",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await withForeman({ newRig, onTestFinished }, [saying("SQLite", true)]);
      expect((await project.rig.jsonInside(told)).exitCode).toBe(0);
      expect(headlines(project)).toEqual([
        "✅ worker: complete after 2 attempts",
        "✅ worker: complete after 2 attempts",
      ]);
      expect(project.api.of("getUpdates")).toEqual([]);
    },
  );

  scenario(
    "that is not sure proposes, and somebody approves with a button",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await withForeman({ newRig, onTestFinished }, [saying("SQLite", false)]);
      const { rig, api } = project;
      expect((await rig.jsonInside(told)).exitCode).toBe(7);
      const question = await asks(project);
      expect(question.text).toContain(
        "💡 manager would answer:\n<b>SQLite</b>\n<i>It is small.</i>",
      );
      press(api, question, "✅ Approve");
      await isComplete(project);
      expect(answers(rig)).toMatchObject([
        { answer: "SQLite", by: "@anna", channel: "telegram", onProposalOf: "manager" },
      ]);
      expect(question.text).toContain("Answered by @anna, as manager proposed:\n<b>SQLite</b>");
      expect(api.messages.filter(({ text }) => text.startsWith("❓"))).toEqual([]);
    },
  );

  scenario(
    "is talked with by a reply, and what it proposed before can't be approved any more",
    async ({ newRig, expect, onTestFinished }) => {
      const verdicts = [saying("SQLite", false), saying("PostgreSQL", true)];
      const project = await withForeman({ newRig, onTestFinished }, verdicts);
      const { rig, api } = project;
      expect((await rig.jsonInside(told)).exitCode).toBe(7);
      const first = await asks(project);
      const stale = buttonOf(first, "✅ Approve");
      api.reply(first, "Can many services write at the same time?");
      const receipt = await says(project, "Told manager, who proposes anew.");
      expect(receipt.text).toBe("Told manager, who proposes anew.");
      const second = await says(project, "<b>PostgreSQL</b>");
      expect(rig.read("handoffs/r.q1.f2/attempt-1.md")).toContain(
        "Can many services write at the same time?",
      );
      await until(() => first.buttons.length === 0, "the end of the older buttons");
      expect(first.text).toContain("Asked anew below.");
      api.press(first, stale, bob);
      await api.called("answerCallbackQuery");
      expect(windows(api)).toEqual([
        "Not taken: manager proposes something else to r.q1 by now: PostgreSQL",
      ]);
      press(api, second, "✅ Approve");
      await isComplete(project);
      expect(answers(rig)).toMatchObject([{ answer: "PostgreSQL", onProposalOf: "manager" }]);
    },
  );

  scenario(
    "that fails leaves the question to people, who are told why",
    async ({ newRig, expect, onTestFinished }) => {
      const failing = { status: "failed", result: "no idea", deliverable: null };
      const project = await withForeman({ newRig, onTestFinished }, [failing]);
      expect((await project.rig.jsonInside(told)).exitCode).toBe(7);
      const question = await asks(project);
      expect(question.text).toContain("<i>manager could not answer: manager says that it failed");
      press(project.api, question, "SQLite");
      await isComplete(project);
      expect(answers(project.rig)).toHaveLength(1);
    },
  );

  scenario("with nobody behind it has nobody asked", async ({ newRig, expect, onTestFinished }) => {
    const nobody = JSON.parse('{"then":"nobody"}');
    const verdicts = [saying("SQLite", false)];
    const project = await withForeman({ newRig, onTestFinished }, verdicts, nobody);
    expect((await project.rig.jsonInside(told)).exitCode).toBe(0);
    expect(project.api.messages).toHaveLength(2);
  });
});

describe("a question that nobody answers", () => {
  scenario(
    "goes on to the next in line: an allowed chat, another chat, a person",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject(
        { newRig, onTestFinished },
        { questions: { ageMinutes: 0.01, escalateTo: ["-7", "-8", "anna"] } },
      );
      const { rig, api } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      const telegram = { ...config.telegram, threadId: 7, allowedChats: [CHAT, -7] };
      rig.writeConfig({ ...config, telegram });
      rig.gateway.onHook = asksOnce();
      expect((await rig.jsonInside(told)).exitCode).toBe(7);
      const reminder = "⏰ worker still waits for an answer (attempt 1):\nWhich database?";
      const boss = await says(project, reminder);
      expect(boss).toMatchObject({ chatId: -7, threadId: null });
      const other = await says(project, reminder, [boss]);
      expect(other).toMatchObject({ chatId: -8, buttons: [] });
      expect(other.text).toContain("No answers are taken from this chat.");
      const named = await says(project, "⏰ anna: worker still waits for an answer (attempt 1):");
      expect(named).toMatchObject({ chatId: CHAT, threadId: 7 });
      expect(named.buttons).toHaveLength(3);
      press(api, boss, "SQLite", bob);
      await isComplete(project);
      for (const message of [boss, other, named])
        expect(message.text).toContain("Answered by Bob (8):\n<b>SQLite</b>");
      expect(api.messages.filter(({ buttons }) => buttons.length > 0)).toEqual([]);
    },
  );
});
