import { existsSync, readFileSync, utimesSync } from "node:fs";
import { describe } from "vitest";
import type { Cancellation } from "../../src/run/cancel.ts";
import type { Outcome } from "../../src/run/outcome.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

async function cancelAsJson(
  rig: Rig,
  words: readonly string[],
): Promise<{ exitCode: number | null; document: Cancellation }> {
  const { exitCode, stdout } = await rig.inside(words);
  const document: Cancellation = JSON.parse(stdout);
  return { exitCode, document };
}

/** A run whose agent has the task and does not answer. */
async function startSilently(rig: Rig, words: readonly string[] = []) {
  rig.gateway.onHook = (_call, response) => admit(response);
  const running = rig.start(["worker", "do it", "--run-id", "r", ...words]);
  await rig.hasHappened("r", "attempt_admitted");
  return running;
}

describe("delegate cancel", () => {
  scenario(
    "ends a run that somebody waits for, who is told so with an exit code of its own",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const running = await startSilently(rig);
      const { exitCode, document } = await cancelAsJson(rig, [
        "cancel",
        "r",
        "--reason",
        "not needed",
        "--json",
      ]);
      expect(exitCode).toBe(0);
      expect(document).toEqual({
        runId: "r",
        status: "canceled",
        isAgentEnded: null,
        late: null,
        children: [],
      });
      const waited = await running.end;
      expect(waited.exitCode).toBe(9);
      const outcome: Outcome = JSON.parse(waited.stdout);
      expect(outcome).toMatchObject({
        status: "canceled",
        error: { code: "canceled", message: "run r was canceled by a person: not needed" },
      });
    },
  );

  scenario(
    "ends a run that nobody drives, and says what its gateway can't do",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "do it", "--run-id", "r", "--no-wait"]);
      const { exitCode, stdout } = await rig.inside(["cancel", "r"]);
      expect(exitCode).toBe(0);
      expect(stdout).toBe(
        "r: canceled; its gateway can't end the agent, and a file that still comes is kept as late and not taken as the result\n",
      );
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(9);
    },
  );

  scenario(
    "a file that comes afterwards is not taken as the result, and the caller is told where it is",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "do it", "--run-id", "r", "--no-wait"]);
      await rig.inside(["cancel", "r"]);
      const late = `${rig.handoffDir}/r/attempt-1.json`;
      writeAsAgent(late, goodHandoff({ runId: "r" }));
      const { exitCode, document } = await rig.jsonInside(["wait", "r", "--timeout", "0.3"]);
      expect(exitCode).toBe(9);
      expect(document).toMatchObject({ status: "canceled", late });
      expect(document.result).toBeUndefined();
    },
  );

  scenario(
    "a file for which nobody had waited is not taken either, and who cancels is told where it is",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "do it", "--run-id", "r", "--no-wait"]);
      const late = `${rig.handoffDir}/r/attempt-1.json`;
      writeAsAgent(late, goodHandoff({ runId: "r" }));
      expect((await rig.inside(["cancel", "r"])).stdout).toBe(
        `r: canceled; what its agent had handed over is not taken, and stays in ${late}\n`,
      );
    },
  );

  scenario("a run that has ended already stays as it ended", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.inside(["worker", "do it", "--run-id", "r"]);
    const { exitCode, stdout } = await rig.inside(["cancel", "r"]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("r: had ended already (complete)\n");
    expect((await rig.jsonInside(["wait", "r"])).document.status).toBe("complete");
  });

  scenario(
    "a file that arrives in the very moment of the cancel leaves one of the two ends, and all are told the same",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const running = await startSilently(rig);
      const canceling = rig.run(["cancel", "r"]);
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      await canceling;
      const waited: Outcome = JSON.parse((await running.end).stdout);
      const again = await rig.jsonInside(["wait", "r"]);
      expect(again.document.status).toBe(waited.status);
      expect(rig.events("r").filter(({ type }) => type === "run_ended")).toHaveLength(1);
    },
  );

  scenario("ends also the runs that were delegated from within it", async ({ newRig, expect }) => {
    const rig = await newRig({ maxDepth: 3 });
    const config: { agents: Record<string, object> } = JSON.parse(rig.read("delegate.config.json"));
    rig.writeConfig({
      ...config,
      agents: { ...config.agents, helper: { port: rig.gateway.port } },
    });
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.inside(["worker", "do it", "--run-id", "r", "--no-wait"]);
    await rig.inside(["helper", "a part", "--run-id", "child", "--parent", "r", "--no-wait"]);
    const { document } = await cancelAsJson(rig, ["cancel", "r", "--json"]);
    expect(document.children).toMatchObject([{ runId: "child", status: "canceled" }]);
    expect((await rig.jsonInside(["wait", "child"])).exitCode).toBe(9);
  });

  scenario(
    "a command agent's whole process tree ends within seconds",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const script = `echo $$ > agent.pid; trap '' TERM; while :; do sleep 0.1; done`;
      rig.writeConfig({ agents: { stubborn: { command: ["sh", "-c", script] } } });
      const running = rig.start(["stubborn", "do it", "--run-id", "r"]);
      await until(
        () => existsSync(`${rig.folder}/agent.pid`) && rig.read("agent.pid") !== "",
        "the agent's start",
      );
      const pid = Number(readFileSync(`${rig.folder}/agent.pid`, "utf8"));
      const { stdout } = await rig.inside(["cancel", "r"]);
      expect(stdout).toBe("r: canceled, and its agent's processes are ended within seconds\n");
      expect((await running.end).exitCode).toBe(9);
      await until(() => !existsSync(`/proc/${pid}`), "the end of the agent");
    },
  );

  scenario("an unknown run is said to be unknown", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.inside(["cancel", "nothing"])).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

describe("Ctrl-C with --on-interrupt cancel", () => {
  scenario("ends the run instead of leaving it", async ({ newRig, expect }) => {
    const rig = await newRig();
    const running = await startSilently(rig, ["--on-interrupt", "cancel"]);
    running.child.kill("SIGINT");
    const { exitCode, stdout } = await running.end;
    expect(exitCode).toBe(130);
    const outcome: Outcome = JSON.parse(stdout);
    expect(outcome).toMatchObject({ status: "canceled", error: { code: "interrupted" } });
    expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(9);
  });
});

describe("delegate prune", () => {
  scenario(
    "removes runs that ended long ago, and keeps young and live ones",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "old", "--run-id", "old"]);
      await rig.inside(["worker", "young", "--run-id", "young"]);
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "live", "--run-id", "live", "--no-wait"]);
      age(rig, "old");
      age(rig, "live");
      const log = rig.write("logs/2020-02-29.jsonl", "");
      expect(await rig.inside(["prune", "--dry-run"])).toMatchObject({
        exitCode: 0,
        stdout: `old\n${log}\n`,
        stderr: "delegate: 1 would be removed, 2 kept; 1 daily log would be removed\n",
      });
      expect([`${rig.handoffDir}/old`, log].every((path) => existsSync(path))).toBe(true);
      expect(await rig.inside(["prune", "--older-than", "1d"])).toMatchObject({
        stdout: `old\n${log}\n`,
        stderr: "delegate: 1 removed, 2 kept; 1 daily log removed\n",
      });
      expect([`${rig.handoffDir}/old`, log].some((path) => existsSync(path))).toBe(false);
      expect((await rig.inside(["prune", "--older-than", "soon"])).exitCode).toBe(2);
    },
  );
});

/** Makes a run's record say that all was two months ago. */
function age(rig: Rig, runId: string): void {
  const path = `${rig.handoffDir}/${runId}/run.json`;
  const record: { endedAt: string | null } = JSON.parse(readFileSync(path, "utf8"));
  const endedAt =
    record.endedAt === null ? null : new Date(Date.now() - 60 * 86_400_000).toISOString();
  rig.write(`handoffs/${runId}/run.json`, JSON.stringify({ ...record, endedAt }));
  utimesSync(path, new Date(0), new Date(0));
}
