import { describe } from "vitest";
import { documentOf } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import { isUnderWay } from "../rig/is-under-way.ts";

describe("the same --run-id from several processes", () => {
  scenario("two at once: sent once, both answered alike", async ({ newRig, expect }) => {
    const rig = await newRig();
    const words = ["worker", "do it", "--run-id", "r"];
    const [first, second] = await Promise.all([rig.json(words), rig.json(words)]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(second.document).toEqual(first.document);
    expect(rig.gateway.sent).toHaveLength(1);
  });

  scenario(
    "ten at once, with a slow agent: sent once, all answered alike",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const ends = Array.from({ length: 10 }, () => rig.json(["worker", "do it", "--run-id", "r"]));
      await rig.hasHappened("r", "attempt_admitted");
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      const [first, ...others] = await Promise.all(ends);
      expect(first?.exitCode).toBe(0);
      for (const { document } of others) expect(document).toEqual(first?.document);
      expect(rig.gateway.sent).toHaveLength(1);
      const seqs = rig.events("r").map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    },
  );

  scenario(
    "the one who sent it is killed: the other goes on, and nothing is sent again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const first = rig.start(["worker", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_admitted");
      const second = rig.json(["worker", "do it", "--run-id", "r"]);
      first.child.kill("SIGKILL");
      await rig.hasHappened("r", "driver_took_over");
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await second).exitCode).toBe(0);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "Ctrl-C on one that only follows: it leaves, and the other goes on",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const driver = rig.json(["worker", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_admitted");
      const follower = rig.start(["wait", "r"]);
      await isUnderWay(follower);
      follower.child.kill("SIGINT");
      const end = await follower.end;
      expect(end.exitCode).toBe(130);
      expect(JSON.parse(end.stdout)).toMatchObject({ runId: "r", error: { code: "interrupted" } });
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await driver).exitCode).toBe(0);
      expect(rig.events("r").map(({ type }) => type)).not.toContain("driver_left");
    },
  );

  scenario("a failed run: all hear the same failure", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    const words = ["worker", "do it", "--run-id", "r", "--timeout", "0.5"];
    const ends = await Promise.all([1, 2, 3].map(() => rig.json(words)));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([3, 3, 3]);
    expect(rig.gateway.sent).toHaveLength(1);
    const seqs = rig.events("r").map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  scenario(
    "again after the end: the stored outcome, and nothing is sent",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const words = ["worker", "do it", "--run-id", "r"];
      const first = await rig.json(words);
      await rig.gateway.stop();
      const second = await rig.json(words);
      expect(second.document).toEqual(first.document);
    },
  );

  scenario(
    "with another task or another agent: refused as a conflict",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const agent = { url: rig.gateway.origin, token: { file: "token" } };
      rig.writeConfig({ agents: { worker: agent, other: agent } });
      await rig.json(["worker", "do it", "--run-id", "r"]);
      for (const words of [
        ["worker", "do that"],
        ["other", "do it"],
      ]) {
        const { exitCode, document } = await rig.json([...words, "--run-id", "r"]);
        expect(exitCode).toBe(2);
        expect(document.error).toMatchObject({ code: "run_conflict" });
        expect(document.error?.hint).toContain("delegate show r");
      }
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "--no-wait beside one that waits: leaves as soon as the agent has the task",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const letIn = Promise.withResolvers<void>();
      rig.gateway.onHook = async (_call, response) => {
        await letIn.promise;
        admit(response);
      };
      const waiting = rig.start(["worker", "do it", "--run-id", "r"]);
      await until(() => rig.gateway.sent.length > 0, "the request");
      const sending = rig.start(["worker", "do it", "--run-id", "r", "--no-wait"]);
      await isUnderWay(sending);
      letIn.resolve();
      const { exitCode, document } = await documentOf(sending);
      expect(exitCode).toBe(0);
      expect(document).toEqual({ status: "sent", runId: "r", agent: "worker" });
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await waiting.end).exitCode).toBe(0);
    },
  );

  scenario("--no-wait, then the same without it: joins the run", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.json(["worker", "do it", "--run-id", "r", "--no-wait"]);
    const joined = rig.json(["worker", "do it", "--run-id", "r"]);
    await rig.hasHappened("r", "driver_took_over");
    writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
    expect((await joined).exitCode).toBe(0);
    expect(rig.gateway.sent).toHaveLength(1);
  });
});
