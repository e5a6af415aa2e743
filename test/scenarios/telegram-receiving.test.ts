import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import {
  askedProject,
  asks,
  press,
  windows,
  answers,
  isComplete,
  kill,
} from "../telegram/asked-project.ts";
import type { Tools } from "../telegram/asked-project.ts";
import type { ChatMessage } from "../telegram/bot-api.ts";
import { asksOnce, newProject, nobodyIsLeft, says, told } from "../telegram/project.ts";
import type { Project } from "../telegram/project.ts";

/** Two runs that ask, each with a watcher of its own; the first one's receives. */
async function twoRuns(
  tools: Tools,
): Promise<Project & { readonly first: ChatMessage; readonly second: ChatMessage }> {
  const first = await askedProject(tools);
  await first.rig.hasHappened("r", "driver_took_over");
  first.api.press(first.question, "nobody's");
  await first.api.called("answerCallbackQuery");
  await first.rig.jsonInside(["worker", "do it", "--run-id", "s", "--notify", "telegram"]);
  await first.rig.hasHappened("s", "driver_took_over");
  const second = await says(first, "<code>s.q1</code>");
  return { ...first, first: first.question, second };
}

describe("who receives", () => {
  scenario(
    "one of two watchers, for the runs of both; when it leaves, the other one",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await twoRuns({ newRig, onTestFinished });
      const { rig, api, first, second } = project;
      press(api, second, "SQLite");
      await rig.hasHappened("s", "run_ended");
      press(api, first, "PostgreSQL");
      await rig.hasHappened("r", "run_ended");
      await nobodyIsLeft(project);
      expect(windows(api).slice(1)).toEqual(["Answered: SQLite", "Answered: PostgreSQL"]);
      expect(answers(rig)).toMatchObject([{ answer: "PostgreSQL", channel: "telegram" }]);
      expect(api.unconfirmed).toBe(0);
      expect(api.conflicts).toBe(0);
    },
  );

  scenario(
    "the other one also when it is killed; a run that nobody drives then goes on with the answer",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await twoRuns({ newRig, onTestFinished });
      const { rig, api, first, second } = project;
      await kill(rig, "r");
      press(api, first, "SQLite");
      await rig.hasHappened("r", "run_ended");
      expect(windows(api).slice(1)).toEqual(["Answered: SQLite"]);
      expect(rig.events("r").at(-1)).toMatchObject({ status: "complete" });
      press(api, second, "⏭ Skip");
      await rig.hasHappened("s", "run_ended");
      await nobodyIsLeft(project);
    },
  );

  scenario(
    "one that can't go on with another's run says what to do",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      const { worker } = config.agents;
      const agents = { worker: { ...worker, token: { env: "HOOK_TOKEN" } }, other: worker };
      rig.writeConfig({ ...config, agents });
      rig.gateway.onHook = asksOnce();
      const env = { HOOK_TOKEN: "test-token-4711" };
      expect((await rig.jsonInside(told, { env })).exitCode).toBe(7);
      const question = await asks(project);
      await rig.hasHappened("r", "driver_took_over");
      await rig.jsonInside(["other", "do it", "--run-id", "s", "--notify", "telegram"]);
      await rig.hasHappened("s", "driver_took_over");
      await kill(rig, "r");
      press(api, question, "SQLite");
      await api.called("answerCallbackQuery");
      expect(windows(api)).toEqual(["Answered: SQLite To go on: delegate wait r"]);
      expect((await rig.jsonInside(["wait", "r"], { env })).exitCode).toBe(0);
      await rig.inside(["cancel", "s"]);
      await nobodyIsLeft(project);
    },
  );

  scenario(
    "goes on where a killed one was: nothing is handled twice",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await twoRuns({ newRig, onTestFinished });
      const { rig, api, first, second } = project;
      api.misbehave = ({ method }) => (method === "answerCallbackQuery" ? { kind: "hang" } : null);
      press(api, first, "SQLite");
      await api.called("answerCallbackQuery", 2);
      await kill(rig, "r");
      api.misbehave = () => null;
      press(api, second, "PostgreSQL");
      await rig.hasHappened("s", "run_ended");
      expect(windows(api).slice(1)).toEqual(["Answered: SQLite", "Answered: PostgreSQL"]);
      await nobodyIsLeft(project);
      expect(api.unconfirmed).toBe(0);
    },
  );

  scenario(
    "an answer that is received again is still the one that was taken",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await askedProject({ newRig, onTestFinished });
      const { rig, api, question } = project;
      await rig.hasHappened("r", "driver_took_over");
      api.misbehave = ({ method }) =>
        method === "answerCallbackQuery" || method === "editMessageText" ? { kind: "hang" } : null;
      rig.gateway.onHook = (_call, response) => admit(response);
      press(api, question, "SQLite");
      await api.called("answerCallbackQuery");
      // The handoff of attempt 1 may have been faster than the word that it was admitted.
      const isAdmitted = () =>
        rig.events("r").some(({ type, attempt }) => type === "attempt_admitted" && attempt === 2);
      await until(isAdmitted, "the admission of attempt 2");
      await kill(rig, "r");
      rmSync(join(rig.folder, ".local/state/delegate/telegram/4711/received.json"));
      api.misbehave = () => null;
      const waiting = rig.jsonInside(["wait", "r"]);
      await api.called("answerCallbackQuery", 2);
      expect(windows(api)).toEqual(["Answered: SQLite", "Answered: SQLite"]);
      writeAsAgent(`${rig.handoffDir}/r/attempt-2.json`, goodHandoff({ runId: "r" }));
      expect((await waiting).exitCode).toBe(0);
      expect(answers(rig)).toHaveLength(1);
      expect(question.text).toContain("Answered by @anna:");
    },
  );

  scenario(
    "nobody for ever: after waitHours without an answer the watcher says so and leaves",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      rig.writeConfig({ ...config, telegram: { ...config.telegram, waitHours: 0.0004 } });
      rig.gateway.onHook = asksOnce();
      await rig.jsonInside(told);
      const farewell = await says(project, "⏳");
      expect(farewell.text).toContain("nobody waits for the answer any more");
      expect(farewell.text).toContain("<code>delegate wait r</code>");
      await nobodyIsLeft(project);
      expect(rig.events("r").at(-1)).toMatchObject({ type: "driver_left", reason: "wait_over" });
      const question = await says(project, "asks (attempt 1):");
      press(api, question, "SQLite");
      await rig.jsonInside(["wait", "r"]);
      await isComplete(project);
      expect(answers(rig)).toMatchObject([{ answer: "SQLite", by: "@anna" }]);
    },
  );
});

describe("a Telegram in trouble", () => {
  scenario(
    "that is down for the whole run: the question is answered at a terminal, and the run is harmed by nothing",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      await api.down();
      rig.gateway.onHook = asksOnce();
      expect((await rig.jsonInside(told)).exitCode).toBe(7);
      await rig.hasHappened("r", "driver_took_over");
      expect((await rig.inside(["answer", "r.q1", "SQLite"])).exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      await nobodyIsLeft(project);
      expect(rig.read("handoffs/r/notify.log")).toContain("(connection refused)");
      await api.up();
    },
  );

  scenario("that comes back is asked then", async ({ newRig, expect, onTestFinished }) => {
    const project = await newProject({ newRig, onTestFinished });
    const { rig, api } = project;
    await api.down();
    rig.gateway.onHook = asksOnce();
    expect((await rig.jsonInside(told)).exitCode).toBe(7);
    await rig.hasHappened("r", "driver_took_over");
    await api.up();
    press(api, await asks(project), "SQLite");
    await isComplete(project);
    expect(answers(rig)).toMatchObject([{ by: "@anna" }]);
  });

  scenario(
    "that asks for pauses, is slow, and whose messages another program receives for a while",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const limited = new Set(["sendMessage", "editMessageText", "answerCallbackQuery"]);
      const conflict = { kind: "error", code: 409, description: "Conflict" } as const;
      const busy = { kind: "error", code: 429, description: "Too Many Requests" } as const;
      let conflicts = 3;
      api.misbehave = ({ method }) => {
        if (limited.delete(method)) return { ...busy, retryAfter: 0.3 };
        if (method === "getUpdates") return conflicts-- > 0 ? conflict : null;
        return { kind: "slow", ms: 100 };
      };
      rig.gateway.onHook = asksOnce();
      const running = rig.inside([...told, "--on-question", "wait"]);
      press(api, await asks(project), "SQLite");
      const { exitCode, stderr } = await running;
      expect(exitCode).toBe(0);
      expect(stderr.split("\n").filter((line) => line.startsWith("delegate:"))).toEqual([
        "delegate: Telegram: another program receives this bot's messages (409 Conflict); give delegate a bot of its own",
      ]);
      expect(answers(rig)).toMatchObject([{ by: "@anna" }]);
      for (const method of ["sendMessage", "editMessageText", "answerCallbackQuery"]) {
        const [refused, next] = api.of(method);
        expect((next?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(295);
      }
    },
  );

  scenario(
    "whose token is wrong: said once, and the run waits for an answer all the same",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig } = project;
      rig.write("bot", "4711:sEcReT\n");
      rig.gateway.onHook = asksOnce();
      const { exitCode, stderr } = await rig.jsonInside(told);
      expect(exitCode).toBe(7);
      expect(stderr.match(/token is refused/g)).toHaveLength(1);
      await rig.hasHappened("r", "driver_took_over");
      expect((await rig.inside(["skip", "r.q1"])).exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      await nobodyIsLeft(project);
      expect(rig.read("handoffs/r/notify.log")).not.toContain("sEcReT");
    },
  );
});
