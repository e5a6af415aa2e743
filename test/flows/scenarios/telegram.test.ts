import { describe } from "vitest";
import { until } from "../../rig/until.ts";
import { admit, goodHandoff, writeAsAgent } from "../../rig/steered-gateway.ts";
import { asksOnce, buttonOf } from "../../telegram/project.ts";
import { documentOf, flowScenario } from "./project.ts";
import {
  headlines,
  says,
  told,
  toldProject,
  untold,
  windows,
  words,
  workersOf,
} from "./told-project.ts";

const build = `
agents: { coder: worker }
inputs: { type: object, properties: { task: { type: string } } }
steps:
  work:
    loop: { max: 3, until: steps.verify.exitCode == 0 }
    steps:
      code: { agent: coder, task: "\${{ inputs.task }}" }
      verify:
        run: "until test -e go-\${{ iteration }}; do sleep 0.05; done; test \${{ iteration }} = 2"
        needs: code
        on-failure: continue
  ok: { approve: { message: "Commit <\${{ inputs.task }}>?", show: cat diff }, needs: work }
report: "approved by \${{ steps.ok.by }} after \${{ steps.work.iterations }}"
`;

const approving = `
inputs: { type: object, properties: { task: { type: string } } }
steps:
  ok: { approve: "Go on?" }
  end: { run: "true", needs: ok }
report: "by \${{ steps.ok.by }}: \${{ steps.ok.note }}"
`;

describe("a flow run in Telegram", () => {
  flowScenario(
    "is one message that changes, asks with buttons, and tells its end in a new message",
    async ({ newProject, expect, onTestFinished }) => {
      const here = await toldProject({ newProject, onTestFinished }, build);
      const { project, api } = here;
      project.rig.write("diff", "+ one & line\n");
      const running = project.start(told);
      const status = await says(here, "🔧 t-296: verify, iteration 1 of 3");
      project.rig.write("go-1", "");
      await says(here, "🔧 t-296: verify, iteration 2 of 3");
      project.rig.write("go-2", "");
      const question = await says(here, "❓ t-296: ok waits for an approval");
      expect(question.text).toContain("Commit &lt;Add --json&gt;?");
      expect(question.text).toContain("+ one &amp; line");
      await says(here, "❓ t-296: ok waits for you");
      api.press(question, buttonOf(question, "✅ Approve"));
      const { exitCode, document } = await documentOf(running);
      expect([exitCode, document.report]).toEqual([0, "approved by @anna after 2"]);
      expect(windows(here)).toEqual(["Approved."]);
      expect(question.text).toContain("Approved by @anna");
      expect(question.buttons).toEqual([]);
      expect(headlines(here)).toEqual([
        "✅ t-296: complete",
        "☑️ t-296: ok waited for an approval",
        "✅ t-296: complete",
      ]);
      expect(status).toBe(api.messages[0]);
      expect(api.messages[2]?.text).toContain("approved by @anna after 2");
      expect(api.of("sendMessage").map(({ payload }) => payload["disable_notification"])).toEqual([
        true,
        undefined,
        undefined,
      ]);
      expect(untold(here)).toEqual([]);
    },
  );

  flowScenario(
    "goes on with the same message when its worker is killed",
    async ({ newProject, expect, onTestFinished }) => {
      const config = { notify: ["telegram"] };
      const here = await toldProject({ newProject, onTestFinished }, build, config);
      const { project, api } = here;
      project.rig.write("diff", "");
      const first = project.rig.start(["worker", "--quiet"]);
      await project.inside([...words, "--detach"]);
      const { id } = await says(here, "verify, iteration 1 of 3");
      const kept = (): string => project.rig.read("handoffs/.flows/t-296/telegram.json");
      await until(() => kept().includes(`"messageId":${id}`), "the message to be remembered");
      first.child.kill("SIGKILL");
      await first.end;
      const [second, third] = ["worker", "worker"].map((word) => project.rig.start([word]));
      project.rig.write("go-1", "");
      await says(here, "verify, iteration 2 of 3");
      project.rig.write("go-2", "");
      const question = await says(here, "ok waits for an approval");
      api.reply(question, "Looks good");
      await says(here, "Not taken: begin with approve or reject");
      api.reply(question, "Reject: no tests");
      await says(here, "Rejected.");
      await says(here, "❌ t-296: failed");
      expect(question.text).toContain("Rejected by @anna:\nno tests");
      const failed = await says(here, "→ ");
      expect(failed.text).toContain("ok: @anna rejected it: no tests");
      await until(() => untold(here).length === 0, "the end of telling");
      expect(headlines(here).toSorted()).toEqual([
        "Not taken: begin with approve or reject, or press a button",
        "Rejected.",
        "☑️ t-296: ok waited for an approval",
        "❌ t-296: failed",
        "❌ t-296: failed",
      ]);
      expect(api.messages[0]?.id).toBe(id);
      for (const worker of [second, third]) worker?.child.kill("SIGTERM");
      await Promise.all([second?.end, third?.end]);
    },
  );

  flowScenario(
    "says when nobody goes on with it, and is gone on with when somebody presses a button",
    async ({ newProject, expect, onTestFinished }) => {
      const here = await toldProject({ newProject, onTestFinished }, approving);
      const { project, api } = here;
      const running = project.start(told);
      const question = await says(here, "❓ t-296: ok waits for an approval");
      await api.called("getUpdates");
      running.child.kill("SIGINT");
      expect((await running.end).exitCode).toBe(130);
      expect(api.messages[0]?.text).toContain(
        "Nobody goes on with it now: <code>delegate flow wait t-296</code>",
      );
      // Whoever listens does so for all: here it is a process with another flow run.
      const other = project.start(["run", "build", "--run-id", "other", "--notify", "telegram"]);
      await says(here, "❓ other: ok waits for an approval");
      api.press(question, buttonOf(question, "✅ Approve"));
      await until(() => untold(here).join(" ") === "other", "the end of the first one");
      expect(workersOf(project)).toHaveLength(1);
      other.child.kill("SIGINT");
      await other.end;
      expect(windows(here)).toEqual(["Approved."]);
      expect(headlines(here)).toEqual([
        "✅ t-296: complete",
        "☑️ t-296: ok waited for an approval",
        "❓ other: ok waits for you",
        "❓ other: ok waits for an approval",
        "✅ t-296: complete",
      ]);
    },
  );

  flowScenario(
    "puts a question of its agents to the next in line when nobody answers",
    async ({ newProject, expect, onTestFinished }) => {
      const asking =
        'agents: { coder: worker }\nsteps: { code: { agent: coder, task: "Write it" } }';
      const questions = { ageMinutes: 0.001, escalateTo: ["@boss"] };
      const here = await toldProject({ newProject, onTestFinished }, asking, { questions });
      here.project.rig.gateway.onHook = asksOnce();
      const running = here.project.start(["run", "build", "--notify", "telegram"]);
      const first = await says(here, "❓ worker asks (attempt 1):");
      const reminder = await says(here, "⏰ @boss: worker still waits for an answer (attempt 1):");
      here.api.press(reminder, buttonOf(reminder, "SQLite"));
      expect((await documentOf(running)).exitCode).toBe(0);
      expect([first.buttons, reminder.buttons]).toEqual([[], []]);
    },
  );

  flowScenario(
    "asks with buttons what an agent wants to know that stays at work for the answer",
    async ({ newProject, expect, onTestFinished }) => {
      const asking =
        'agents: { coder: coder }\nsteps: { code: { agent: coder, task: "Paint it" } }\nreport: "${{ steps.code.result }}"';
      const ask = "delegate handoff ask --wait --option red --option blue";
      const command = ["sh", "-c", `cat >/dev/null; ${ask} 'Which color?'; ${ask} 'And then?'`];
      const agents = { coder: { command, handoff: "stdout" } };
      const here = await toldProject({ newProject, onTestFinished }, asking, { agents });
      const { project, api } = here;
      const running = project.start(["run", "build", "--run-id", "t-296", "--notify", "telegram"]);
      const first = await says(here, "Which color?\n");
      api.press(first, buttonOf(first, "blue"));
      const second = await says(here, "And then?\n");
      await project.rig.inside(["answer", "t-296.code.1.1.q2", "--option", "1", "--by", "eve"]);
      const { exitCode, document } = await documentOf(running);
      expect([exitCode, document.report]).toEqual([0, "blue\nred"]);
      expect(first.text).toContain("☑️ coder asked (attempt 1):");
      expect(first.text).toContain("Answered by @anna:\n<b>blue</b>");
      expect(second.text).toContain("Answered by eve:\n<b>red</b>");
      expect([first.buttons, second.buttons]).toEqual([[], []]);
    },
  );

  flowScenario(
    "asks people what such an agent wants to know only once a foreman has proposed something",
    async ({ newProject, expect, onTestFinished }) => {
      const asking =
        'agents: { coder: coder }\nsteps: { code: { agent: coder, task: "Paint it" } }\nreport: "${{ steps.code.result }}"';
      const ask = "delegate handoff ask --wait 'Which color?'";
      const coder = { command: ["sh", "-c", `cat >/dev/null; ${ask}`], handoff: "stdout" };
      const more = { questions: { foreman: "manager" } };
      const here = await toldProject({ newProject, onTestFinished }, asking, more);
      const { project, api } = here;
      const { gateway } = project.rig;
      const manager = { url: gateway.origin, token: { file: "token" } };
      const config = JSON.parse(project.rig.read("delegate.config.json"));
      project.rig.writeConfig({ ...config, agents: { coder, manager } });
      gateway.onHook = (call, response) => {
        admit(response);
        const answer = call.number === 1 ? "red" : "blue";
        const data = { answer, isSure: false, reason: "it is bright" };
        writeAsAgent(call.handoffPath, goodHandoff(call, { agent: "manager", data }));
      };
      const running = project.start(["run", "build", "--run-id", "t-296", "--notify", "telegram"]);
      const first = await says(here, "manager would answer:\n<b>red</b>");
      expect(api.messages.filter(({ text }) => text.startsWith("❓ coder asks"))).toEqual([first]);
      api.reply(first, "Is it too bright?");
      const second = await says(here, "manager would answer:\n<b>blue</b>");
      api.press(second, buttonOf(second, "✅ Approve"));
      const { exitCode, document } = await documentOf(running);
      expect([exitCode, document.report]).toEqual([0, "blue"]);
      expect([first.buttons, second.buttons]).toEqual([[], []]);
    },
  );

  flowScenario(
    "puts an approval to the next in line when nobody decides",
    async ({ newProject, expect, onTestFinished }) => {
      const questions = { ageMinutes: 0.001, escalateTo: ["@boss"] };
      const here = await toldProject({ newProject, onTestFinished }, approving, { questions });
      const running = here.project.start(told);
      const first = await says(here, "❓ t-296: ok waits for an approval");
      const reminder = await says(here, "⏰ @boss: t-296: ok still waits for an approval");
      here.api.press(reminder, buttonOf(reminder, "✅ Approve"));
      const { exitCode, document } = await documentOf(running);
      expect([exitCode, document.report]).toEqual([0, "by @anna: "]);
      expect([first.buttons, reminder.buttons]).toEqual([[], []]);
      expect(reminder.text).toContain("Approved by @anna");
    },
  );

  flowScenario(
    "puts the questions of its agents and its own to people",
    async ({ newProject, expect, onTestFinished }) => {
      const asking = `
agents: { coder: worker }
inputs: { type: object, properties: { task: { type: string } } }
steps:
  code: { agent: coder, task: "\${{ inputs.task }}" }
  count: { ask: { question: How many?, answer: number }, needs: code }
report: "\${{ steps.count.answer + 1 }} by \${{ steps.count.by }}"
`;
      const here = await toldProject({ newProject, onTestFinished }, asking);
      const { project, api } = here;
      project.rig.gateway.onHook = asksOnce();
      const running = project.start(told);
      const first = await says(here, "❓ worker asks (attempt 1):");
      api.press(first, buttonOf(first, "SQLite"));
      const second = await says(here, "❓ t-296: count waits for an answer");
      api.reply(second, "many");
      await says(here, "Not taken: the answer must be a number");
      api.reply(second, "3");
      const { exitCode, document } = await documentOf(running);
      expect([exitCode, document.report]).toEqual([0, "4 by @anna"]);
      expect(first.text).toContain("Answered by @anna:\n<b>SQLite</b>");
      expect(second.text).toContain("Answered by @anna:\n<b>3</b>");
      expect(headlines(here).toSorted()).toEqual([
        "Answered: 3",
        "Not taken: the answer must be a number, such as 3 or 0.5",
        "☑️ t-296: count waited for an answer",
        "☑️ worker asked (attempt 1):",
        "✅ t-296: complete",
        "✅ t-296: complete",
      ]);
    },
  );

  flowScenario(
    "that is decided at a terminal says so, and who comes too late is told",
    async ({ newProject, expect, onTestFinished }) => {
      const required = approving.replace(
        '"Go on?"',
        '{ message: "Go on?", required-approver: ["@eva", "@anna", tom] }',
      );
      const here = await toldProject({ newProject, onTestFinished }, required);
      const { project, api } = here;
      const running = project.start([...told, "--caller", "anna"]);
      const question = await says(here, "waits for an approval by @eva or @anna or tom");
      const approve = buttonOf(question, "✅ Approve");
      api.press(question, approve);
      await api.called("answerCallbackQuery");
      api.press(question, approve, { id: 8, is_bot: false, first_name: "Bob" });
      await api.called("answerCallbackQuery", 2);
      expect(windows(here)).toEqual([
        expect.stringContaining("Not taken: @anna has started the flow run and may not decide"),
        expect.stringContaining('Not taken: Bob (8) may not decide about "ok"'),
      ]);
      await project.inside(["approve", "t-296", "ok", "--by", "tom", "--note", "go"]);
      expect((await documentOf(running)).document.report).toBe("by tom: go");
      expect(question.text).toContain("Approved by tom:\ngo");
      expect(headlines(here).at(-1)).toBe("✅ t-296: complete");
    },
  );

  flowScenario(
    "never waits for Telegram, and is told of later",
    async ({ newProject, expect, onTestFinished }) => {
      const quick = `
inputs: { type: object, properties: { task: { type: string } } }
steps: { end: { run: "true" } }
`;
      const here = await toldProject({ newProject, onTestFinished }, quick);
      const { project, api } = here;
      await api.down();
      const { exitCode, document, stderr } = await project.jsonInside(told);
      expect([exitCode, document.status]).toEqual([0, "complete"]);
      expect(stderr).toContain("Telegram: not everything of flow run t-296 could be told");
      expect(untold(here)).toEqual(["t-296"]);
      await api.up();
      expect((await project.jsonInside(["wait", "t-296"])).exitCode).toBe(0);
      expect(headlines(here)).toEqual(["✅ t-296: complete", "✅ t-296: complete"]);
      expect(untold(here)).toEqual([]);
    },
  );

  flowScenario(
    "hears of a crash of ours, and is gone on with by another process",
    async ({ newProject, expect, onTestFinished }) => {
      const here = await toldProject({ newProject, onTestFinished }, approving);
      const { project } = here;
      const trap = project.rig.write(
        "trap.cjs",
        'process.once("SIGUSR2", () => { throw new Error("a <trap>"); });',
      );
      const running = project.start(told, { env: { NODE_OPTIONS: `--require=${trap}` } });
      await says(here, "❓ t-296: ok waits for an approval");
      await says(here, "❓ t-296: ok waits for you");
      running.child.kill("SIGUSR2");
      expect((await running.end).exitCode).toBe(70);
      expect(here.api.messages.at(-1)?.text).toBe(
        "💥 delegate itself failed. This is a bug of ours.\n<code>delegate flow run: a &lt;trap&gt;</code>",
      );
      expect((await project.inside(["cancel", "t-296"])).exitCode).toBe(0);
      expect(headlines(here)).toEqual([
        "⛔ t-296: canceled",
        "☑️ t-296: ok waited for an approval",
        "💥 delegate itself failed. This is a bug of ours.",
        "⛔ t-296: canceled",
      ]);
    },
  );
});
