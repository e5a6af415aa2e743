import { existsSync, readdirSync, statSync } from "node:fs";
import { describe } from "vitest";
import { signalIfThere } from "../rig/left-processes.ts";
import { launcher } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, answerAtOnce, sendJson } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import { TOKEN } from "../telegram/bot-api.ts";
import {
  CHAT,
  complete,
  driverOf,
  handOver,
  headlines,
  isToldToItsEnd,
  newProject,
  nobodyIsLeft,
  says,
  shows,
  told,
  watchersOf,
  words,
} from "../telegram/project.ts";

describe("--notify telegram", () => {
  scenario(
    "one message shows the run from its start on, and a new one its outcome",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const running = rig.inside(told);
      await shows(project, "🔧 worker: ");
      await shows(project, "worker: attempt 1, waiting");
      handOver(project, { status: "working", notes: "Reading <the> plan" });
      await shows(project, "working");
      expect(api.messages[0]?.text).toContain("“Reading &lt;the&gt; plan”");
      expect(api.messages).toHaveLength(1);
      handOver(project, { result: "The plan is sound." });
      const { exitCode, stdout, stderr } = await running;
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ status: "complete" });
      expect(headlines(project)).toEqual(complete);
      const [status, outcome] = api.messages;
      expect(status?.chatId).toBe(CHAT);
      expect(status?.edits).toBeGreaterThanOrEqual(2);
      expect(outcome?.edits).toBe(0);
      expect(outcome?.text).toContain("The plan is sound.");
      expect(outcome?.text).toContain("delegate show r");
      expect(api.of("sendMessage").map(({ payload }) => payload["disable_notification"])).toEqual([
        true,
        undefined,
      ]);
      expect(statSync(`${rig.handoffDir}/r/telegram.json`).mode & 0o777).toBe(0o600);
    },
  );

  scenario("shows a second attempt", async ({ newRig, expect, onTestFinished }) => {
    const project = await newProject({ newRig, onTestFinished });
    project.rig.gateway.onHook = (call, response) =>
      call.number === 1 ? answerAtOnce({ status: "done" })(call, response) : admit(response);
    const running = project.rig.inside([...told, "--retries", "2"]);
    await shows(project, "attempt 2 of 2, waiting");
    handOver(project, {}, 2);
    expect((await running).exitCode).toBe(0);
    expect(headlines(project)[1]).toBe("✅ worker: complete after 2 attempts");
  });

  scenario("shows a failure, with what to do", async ({ newRig, expect, onTestFinished }) => {
    const project = await newProject({ newRig, onTestFinished });
    project.rig.gateway.onHook = (_call, response) =>
      sendJson(response, 401, { ok: false, error: "no" });
    const { exitCode, document } = await project.rig.jsonInside(told);
    expect(exitCode).toBe(6);
    expect(headlines(project)[1]).toContain("❌ worker: error after 1 attempt");
    expect(project.api.messages[1]?.text).toContain(`→ ${document.error?.hint}`);
  });

  scenario(
    "prints the outcome before Telegram has heard of it",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig } = project;
      const wasPrinted: boolean[] = [];
      project.api.misbehave = ({ payload }) => {
        if (String(payload["text"]).startsWith("✅")) wasPrinted.push(rig.read("printed") !== "");
        return null;
      };
      const line = ["-c", 'exec "$0" "$@" > printed', process.execPath, launcher, ...told];
      const running = rig.startProgram("sh", line);
      await shows(project, "waiting");
      handOver(project);
      expect((await running.end).exitCode).toBe(0);
      expect(wasPrinted).toEqual([true, true]);
    },
  );

  scenario(
    "a Telegram that is down for the whole run is given up at its end",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      await api.down();
      rig.gateway.onHook = answerAtOnce();
      const running = rig.start(told);
      const { exitCode, stdout, stderr } = await running.end;
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: "complete" });
      const lines = stderr.trimEnd().split("\n");
      expect(lines.at(-1)).toBe(
        "delegate: Telegram: not everything of run r could be told (connection refused)",
      );
      expect(rig.read("handoffs/r/notify.log")).toContain(
        "Z Telegram: not everything of run r could be told (connection refused)\n",
      );
      await api.up();
    },
  );

  scenario(
    "a token that is wrong is said once, without it, and harms nothing",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      rig.write("bot", "4711:sEcReT\n");
      rig.gateway.onHook = answerAtOnce();
      const { exitCode, document, stderr } = await rig.jsonInside(told);
      expect(exitCode).toBe(0);
      expect(stderr).toBe(
        "delegate: Telegram: the bot's token is refused (401 Unauthorized); check where the config says it comes from\n",
      );
      expect(api.calls).toHaveLength(1);
      const written = readdirSync(`${rig.handoffDir}/r`).map((name) =>
        rig.read(`handoffs/r/${name}`),
      );
      expect(JSON.stringify([document, stderr, written])).not.toContain("sEcReT");
    },
  );

  scenario("a crash of ours is told", async ({ newRig, expect, onTestFinished }) => {
    const project = await newProject({ newRig, onTestFinished });
    const trap = project.rig.write(
      "trap.cjs",
      'Math.random = () => { throw new Error("a trap <here>"); };',
    );
    project.rig.gateway.onHook = answerAtOnce();
    const { exitCode, document } = await project.rig.json(told, {
      env: { NODE_OPTIONS: `--require=${trap}` },
    });
    expect(exitCode).toBe(70);
    expect(document.error?.code).toBe("internal");
    expect(project.api.messages.map(({ text }) => text)).toContain(
      "💥 delegate itself failed. This is a bug of ours.\n<code>delegate worker: a trap &lt;here&gt;</code>\nThe run goes on at <code>delegate wait r</code>",
    );
    await nobodyIsLeft(project);
  });

  scenario(
    "trouble of the system is told as such, with what to do",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const trap = project.rig.write(
        "trap.cjs",
        'Math.random = () => { throw Object.assign(new Error("EMFILE"), { code: "EMFILE", path: "/srv/x" }); };',
      );
      project.rig.gateway.onHook = answerAtOnce();
      const { exitCode } = await project.rig.json(told, {
        env: { NODE_OPTIONS: `--require=${trap}` },
      });
      expect(exitCode).toBe(74);
      expect(project.api.messages.map(({ text }) => text)).toContain(
        "💥 delegate itself failed.\n<code>delegate worker: /srv/x can't be used: too many open files</code>\n→ close programs that keep many files open, or allow more with ulimit -n\nThe run goes on at <code>delegate wait r</code>",
      );
      await nobodyIsLeft(project);
    },
  );

  scenario(
    "what is thrown where nobody waits for it is a crash of ours as well",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const trap = project.rig.write(
        "trap.cjs",
        'process.once("SIGUSR2", () => { throw new Error("a trap"); });',
      );
      const running = project.rig.start(told, { env: { NODE_OPTIONS: `--require=${trap}` } });
      await shows(project, "waiting");
      running.child.kill("SIGUSR2");
      const { exitCode, stdout, stderr } = await running.end;
      expect({ exitCode, stderr }).toEqual({ exitCode: 70, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: "internal" } });
      expect(project.api.messages.at(-1)?.text).toContain("<code>delegate worker: a trap</code>");
      expect(project.api.messages).toHaveLength(2);
      await nobodyIsLeft(project);
    },
  );
});

describe("who is told", () => {
  scenario(
    "nobody, unless the command or the config says so",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      rig.gateway.onHook = answerAtOnce();
      expect((await rig.jsonInside(words)).exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      expect(api.calls).toEqual([]);
      expect(existsSync(`${rig.handoffDir}/r/telegram.json`)).toBe(false);
    },
  );

  scenario(
    "nothing of it is loaded, and no process is started, for a run of which nobody is told",
    async ({ newRig, expect, onTestFinished }) => {
      const { rig } = await newProject({ newRig, onTestFinished });
      rig.gateway.onHook = answerAtOnce();
      const trap = rig.write(
        "trap.cjs",
        `const Module = require("node:module");
        const { _load: load } = Module;
        const names = [];
        Module._load = (name, ...rest) => { names.push(name); return load(name, ...rest); };
        process.once("exit", () => {
          require("node:fs").writeFileSync("loaded.json", JSON.stringify(names));
        });`,
      );
      const loadedBy = async (line: readonly string[]): Promise<readonly string[]> => {
        const { exitCode } = await rig.json(line, { env: { NODE_OPTIONS: `--require=${trap}` } });
        expect(exitCode).toBe(0);
        const names: readonly string[] = JSON.parse(rig.read("loaded.json"));
        return names.filter((name) => /telegram|sqlite|child_process/.test(name));
      };
      expect(await loadedBy(["worker", "do it"])).toEqual([]);
      expect(await loadedBy(["worker", "do it", "--notify", "telegram"])).toEqual(
        expect.arrayContaining([expect.stringContaining("telegram-notice")]),
      );
    },
  );

  scenario(
    "whom the config names for the caller; --no-notify is stronger",
    async ({ newRig, expect, onTestFinished }) => {
      const callers = { manager: { notify: ["telegram"] } };
      const acl = { manager: ["worker"] };
      const project = await newProject({ newRig, onTestFinished }, { acl, callers });
      const { rig, api } = project;
      rig.gateway.onHook = answerAtOnce();
      const asManager = ["worker", "do it", "--caller", "manager"];
      expect((await rig.jsonInside([...asManager, "--no-notify"])).exitCode).toBe(0);
      expect((await rig.jsonInside(["worker", "do it"])).exitCode).toBe(0);
      expect(api.calls).toEqual([]);
      expect((await rig.jsonInside(asManager)).exitCode).toBe(0);
      expect(headlines(project)).toEqual(complete);
    },
  );

  const gaps: readonly [string, object][] = [
    ["no bot", { telegram: undefined }],
    ["a bot whose token is not there", { telegram: { token: { env: "NOT_SET" }, chatId: CHAT } }],
  ];
  for (const [gap, more] of gaps)
    scenario(
      `--notify with ${gap} in the config stops before anything is sent`,
      async ({ newRig, expect, onTestFinished }) => {
        const { rig } = await newProject({ newRig, onTestFinished }, more);
        const { exitCode, document } = await rig.jsonInside(told);
        expect(exitCode).toBe(2);
        expect(document.error?.code).toBe("config_invalid");
        expect(document.error?.message).toMatch(/Telegram/);
        expect(rig.gateway.requests).toEqual([]);
        expect(existsSync(rig.handoffDir)).toBe(false);
      },
    );

  scenario(
    "what only the config wants and can't be done is a warning",
    async ({ newRig, expect, onTestFinished }) => {
      const telegram = { token: { env: "NOT_SET" }, chatId: CHAT };
      const { rig } = await newProject(
        { newRig, onTestFinished },
        { telegram, notify: ["telegram"] },
      );
      rig.gateway.onHook = answerAtOnce();
      const { exitCode, stderr } = await rig.jsonInside(words);
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/^delegate: Telegram: .*NOT_SET.*\n$/);
    },
  );
});

describe("a run that goes on without the process that began it", () => {
  scenario(
    "--no-wait: the run is told of to its end, by a process that ends with it",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig } = project;
      const { exitCode, document } = await rig.json([...told, "--no-wait"]);
      expect(exitCode).toBe(0);
      expect(document).toEqual({ status: "sent", runId: "r", agent: "worker" });
      await shows(project, "waiting");
      handOver(project);
      await isToldToItsEnd(project);
      expect(headlines(project)).toEqual(complete);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "--no-wait with a token from the environment, and a Telegram that does not answer at first",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig, api } = project;
      const config = JSON.parse(rig.read("delegate.config.json"));
      const telegram = { ...config.telegram, token: { env: "BOT_TOKEN" }, threadId: 7 };
      rig.writeConfig({ ...config, telegram });
      let hangs = 1;
      api.misbehave = () => (hangs-- > 0 ? { kind: "break" } : null);
      const env = { BOT_TOKEN: TOKEN };
      const { exitCode, document, stderr } = await rig.jsonInside([...told, "--no-wait"], { env });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(document.status).toBe("sent");
      await shows(project, "waiting");
      handOver(project);
      await isToldToItsEnd(project);
      expect(headlines(project)).toEqual(complete);
      expect(api.messages.every(({ threadId }) => threadId === 7)).toBe(true);
    },
  );

  scenario(
    "--no-wait: whoever waits for it meanwhile is no second teller",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const { rig } = project;
      await rig.jsonInside([...told, "--no-wait"]);
      const waiters = [rig.json(["wait", "r"]), rig.json(["wait", "r", "--notify", "telegram"])];
      await shows(project, "waiting");
      handOver(project);
      for (const { exitCode } of await Promise.all(waiters)) expect(exitCode).toBe(0);
      await isToldToItsEnd(project);
      expect(headlines(project)).toEqual(complete);
    },
  );

  scenario(
    "--no-wait: a task that can't be sent is told as well",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      project.rig.gateway.onHook = (_call, response) =>
        sendJson(response, 401, { ok: false, error: "no" });
      expect((await project.rig.jsonInside([...told, "--no-wait"])).exitCode).toBe(6);
      expect(headlines(project)).toEqual(
        Array.from({ length: 2 }, () => "❌ worker: error after 1 attempt"),
      );
      await nobodyIsLeft(project);
    },
  );

  const late: readonly [string, readonly string[], number][] = [
    ["--no-wait again, now with --notify", [...told, "--no-wait"], 0],
    ["wait --timeout", ["wait", "r", "--timeout", "0.3", "--notify", "telegram"], 3],
  ];
  for (const [title, line, leavesWith] of late)
    scenario(
      `${title}: a run that nobody drove is told of from then on, to its end`,
      async ({ newRig, expect, onTestFinished }) => {
        const project = await newProject({ newRig, onTestFinished });
        await project.rig.jsonInside([...words, "--no-wait"]);
        expect((await project.rig.jsonInside(line)).exitCode).toBe(leavesWith);
        await shows(project, "waiting");
        handOver(project);
        await isToldToItsEnd(project);
        expect(headlines(project)).toEqual(complete);
      },
    );

  for (const signal of ["SIGINT", "SIGHUP"] as const)
    scenario(
      `${signal}: another process goes on with the same message`,
      async ({ newRig, expect, onTestFinished }) => {
        const project = await newProject({ newRig, onTestFinished });
        const running = project.rig.start(told);
        await shows(project, "waiting");
        running.child.kill(signal);
        expect((await running.end).exitCode).toBe(signal === "SIGINT" ? 130 : 143);
        await project.rig.hasHappened("r", "driver_took_over");
        handOver(project);
        await isToldToItsEnd(project);
        expect(headlines(project)).toEqual(complete);
      },
    );

  scenario(
    "Ctrl-C with a Telegram that does not answer: it goes all the same",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      project.api.misbehave = () => ({ kind: "hang" });
      const running = project.rig.start(told);
      await project.rig.hasHappened("r", "attempt_admitted");
      await project.api.called("sendMessage");
      running.child.kill("SIGINT");
      const { exitCode, stderr } = await running.end;
      expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "" });
      project.api.recover();
      handOver(project);
      await isToldToItsEnd(project);
      expect(headlines(project)).toEqual(complete);
    },
  );

  scenario(
    "a watcher that is told to leave is not replaced, and says so",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      await project.rig.jsonInside([...told, "--no-wait"]);
      await project.rig.hasHappened("r", "driver_took_over");
      await shows(project, "waiting");
      for (const pid of watchersOf(project.rig)) signalIfThere(pid, "SIGTERM");
      await shows(project, "Nobody waits for it now");
      await until(() => watchersOf(project.rig).length === 0, "the end of the watcher");
      expect(project.api.messages).toHaveLength(1);
    },
  );

  scenario(
    "Ctrl-C with --on-interrupt cancel: the end is told, and no process is left",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const running = project.rig.start([...told, "--on-interrupt", "cancel"]);
      await shows(project, "waiting");
      running.child.kill("SIGINT");
      expect((await running.end).exitCode).toBe(130);
      expect(headlines(project)[1]).toBe("⛔ worker: canceled after 1 attempt");
      await nobodyIsLeft(project);
    },
  );

  const lost =
    "💥 worker: the process that drove this run ended without a word. Another one goes on with it.";

  scenario(
    "killed: that is said once, and another process goes on with the run",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const running = project.rig.start(told);
      await shows(project, "waiting");
      await until(() => watchersOf(project.rig).length === 1, "the guard");
      running.child.kill("SIGKILL");
      await running.end;
      const loss = await says(project, "ended without a word");
      expect(loss.text).toBe(`${lost}\n<code>r</code>`);
      handOver(project);
      await nobodyIsLeft(project);
      expect(headlines(project)).toEqual([complete[0], loss.text.split("\n")[0], complete[1]]);
      expect(project.rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "killed, with an agent of the local gateway, which lives on: said as well",
    async ({ newRig, expect, onTestFinished }) => {
      const handoff = '{"status":"complete","result":"done"}';
      const script = `while [ ! -e go ]; do sleep 0.05; done; printf '${handoff}' > "$DELEGATE_HANDOFF_PATH"`;
      const agents = { worker: { command: ["sh", "-c", script], handoff: "file" } };
      const project = await newProject({ newRig, onTestFinished }, { agents });
      const running = project.rig.start([...told, "--no-validate"]);
      await shows(project, "waiting");
      await until(() => watchersOf(project.rig).length === 1, "the guard");
      running.child.kill("SIGKILL");
      await running.end;
      await says(project, "ended without a word");
      project.rig.write("go", "");
      await nobodyIsLeft(project);
      expect(headlines(project)).toEqual([complete[0], lost, complete[1]]);
    },
  );

  scenario(
    "killed: whoever waits for the run next is no second teller",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const running = project.rig.start(told);
      await shows(project, "waiting");
      await until(() => watchersOf(project.rig).length === 1, "the guard");
      const waiter = project.rig.jsonInside(["wait", "r"]);
      running.child.kill("SIGKILL");
      await running.end;
      await says(project, "ended without a word");
      handOver(project);
      expect((await waiter).exitCode).toBe(0);
      await nobodyIsLeft(project);
      expect(headlines(project)).toEqual([complete[0], lost, complete[1]]);
    },
  );

  scenario(
    "a watcher that is killed is replaced, but not for ever",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      await project.rig.jsonInside([...told, "--no-wait"]);
      for (let deaths = 1; deaths <= 3; deaths += 1) {
        await project.rig.hasHappened("r", "driver_took_over", deaths);
        await until(() => watchersOf(project.rig).length === 2, "the watcher and its guard");
        process.kill(driverOf(project.rig, "r"), "SIGKILL");
        await until(
          () => project.api.messages.filter(({ text }) => text.startsWith("💥")).length === deaths,
          `death ${deaths}`,
        );
      }
      expect(watchersOf(project.rig)).toHaveLength(1);
      handOver(project);
      await nobodyIsLeft(project);
      expect(headlines(project).at(-1)).toBe(complete[1]);
    },
  );

  scenario(
    "killed at the very end: another process tells the outcome",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const running = project.rig.start(told);
      await shows(project, "waiting");
      await until(() => watchersOf(project.rig).length === 1, "the guard");
      project.api.misbehave = () => ({ kind: "hang" });
      handOver(project);
      await project.rig.hasHappened("r", "run_ended");
      running.child.kill("SIGKILL");
      await running.end;
      project.api.misbehave = () => null;
      await isToldToItsEnd(project);
      expect(headlines(project)).toEqual(complete);
      expect(project.rig.events("r").at(-1)?.type).toBe("run_ended");
    },
  );

  scenario(
    "two processes with the same run id: one set of messages",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const both = [project.rig.json(told), project.rig.json(told)];
      await shows(project, "waiting");
      handOver(project);
      for (const { exitCode } of await Promise.all(both)) expect(exitCode).toBe(0);
      expect(headlines(project)).toEqual(complete);
    },
  );

  scenario(
    "--notify for a run that another process drives silently says that it can't yet",
    async ({ newRig, expect, onTestFinished }) => {
      const project = await newProject({ newRig, onTestFinished });
      const driver = project.rig.jsonInside(words);
      await project.rig.hasHappened("r", "attempt_admitted");
      const waiter = project.rig.start(["wait", "r", "--notify", "telegram"]);
      await new Promise((resolve) => waiter.child.stderr.once("data", resolve));
      handOver(project);
      expect((await driver).exitCode).toBe(0);
      expect((await waiter.end).stderr).toContain(
        "run r is driven by a process that does not tell",
      );
      expect(project.api.calls).toEqual([]);
    },
  );
});
