import { existsSync, readdirSync } from "node:fs";
import { describe } from "vitest";
import { isProcessAlive } from "../../src/system/process-life.ts";
import { signalIfThere } from "../rig/left-processes.ts";
import { gatewayPid, killGateway } from "../rig/local-gateway.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { until } from "../rig/until.ts";

/** A project with command-line agents, each a shell script. */
async function projectWith(
  newRig: () => Promise<Rig>,
  scripts: Readonly<Record<string, string | object>>,
  more: object = {},
): Promise<Rig> {
  const rig = await newRig();
  const agents = Object.entries(scripts).map(([name, script]) => [
    name,
    typeof script === "string" ? { command: ["sh", "-c", script], handoff: "stdout" } : script,
  ]);
  rig.writeConfig({
    agents: Object.fromEntries(agents),
    retry: { baseMs: 20, maxMs: 40 },
    ...more,
  });
  return rig;
}

/** A script that leaves its pid for {@link endLeftBehind}. */
const endless = "echo $$ > endless; exec sleep 300";

/** Waits until a script has left its pid. */
async function pidIn(rig: Rig, name: string): Promise<number> {
  const path = `${rig.folder}/${name}`;
  await until(() => existsSync(path) && rig.read(name).endsWith("\n"), `a pid in ${name}`);
  return Number(rig.read(name));
}

/** Kills the gateway in the middle of the work of an endless agent. */
async function killGatewayAtWork(rig: Rig): Promise<void> {
  await pidIn(rig, "endless");
  await killGateway(rig);
}

/** Ends the agent that a killed gateway left behind. */
async function endLeftBehind(rig: Rig): Promise<void> {
  const pid = await pidIn(rig, "endless");
  signalIfThere(pid);
  await until(() => !isProcessAlive(pid, null), "the agent's end");
}

const handoffByFile = `cat > message; printf '{"schemaVersion":"1.1","runId":"%s","agent":"%s","status":"complete","result":"by file","deliverable":{"type":"data","title":"t","summary":"s"},"confidence":"high","timestamp":"2026-01-31T12:00:00Z"}' "$DELEGATE_RUN_ID" "$DELEGATE_AGENT" > "$DELEGATE_HANDOFF_PATH"`;

describe("command-line agents", () => {
  scenario(
    "an id whose run was removed begins a run of its own, also while the gateway remembers that one",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { counter: "echo >> count; wc -l < count" });
      const ask = ["counter", "count", "--run-id", "daily", "--format", "text"];
      expect((await rig.inside(ask)).stdout.trim()).toBe("1");
      expect((await rig.inside(["prune", "--older-than", "0s"])).stdout).toBe("daily\n");
      expect((await rig.inside(ask)).stdout.trim()).toBe("2");
    },
  );

  scenario("what one prints is the result", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { echo: "tail -n +1 | wc -l; echo done" });
    const { exitCode, document } = await rig.json(["echo", "count"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "complete", agent: "echo", attempts: 1 });
    expect(document.result).toContain("done");
  });

  scenario("what one writes to its handoff path is the result", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { filer: { command: ["sh", "-c", handoffByFile] } });
    const { exitCode, document } = await rig.jsonInside(["filer", "do it"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "complete", result: "by file" });
    expect(rig.read("message")).toContain(`[ORCHESTRATED TASK — run_id: ${document.runId}]`);
  });

  scenario(
    "one that crashes is a failed run with its exit code and the end of its stderr",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { crash: "echo 'no such model' >&2; exit 3" });
      const { exitCode, document } = await rig.jsonInside(["crash", "do it"]);
      expect(exitCode).toBe(1);
      expect(document).toMatchObject({ status: "failed", error: { code: "agent_failed" } });
      expect(document.result).toContain("exited with code 3");
      expect(document.notes).toContain("no such model");
    },
  );

  scenario(
    "when all places are taken, who does not stay is refused before who stays",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { endless }, { gateway: { maxConcurrent: 1 } });
      await rig.inside(["endless", "do it", "--no-wait", "--run-id", "first"]);
      let isOver = false;
      const staying = rig.jsonInside(["endless", "do it", "--run-id", "staying"]);
      void staying.then(() => (isOver = true));
      await rig.hasHappened("staying", "attempt_sending");
      const { exitCode, document } = await rig.jsonInside(["endless", "do it", "--no-wait"]);
      expect(isOver).toBe(false);
      expect(exitCode).toBe(6);
      expect(document.error).toMatchObject({
        code: "send_failed",
        hint: "all its places are taken: try again later, with --retries 3, or raise gateway.maxConcurrent in the config",
      });
      for (const runId of ["staying", "first"]) await rig.inside(["cancel", runId]);
      expect((await staying).exitCode).toBe(9);
    },
  );

  scenario("one that is not installed is a failed run that says so", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, {
      ghost: { command: ["no-such-program-4711"], handoff: "stdout" },
    });
    const { exitCode, document } = await rig.jsonInside(["ghost", "do it"]);
    expect(exitCode).toBe(1);
    expect(document.error?.message).toContain("command not found: no-such-program-4711");
    expect(document.error?.hint).toMatch(/^install it, or give its full path in "agents\.ghost\.c/);
  });

  scenario(
    "one that ends without a handoff is tried again, and then is a failed run",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { silent: { command: ["true"] } });
      const { exitCode, document } = await rig.jsonInside(["silent", "do it", "--retries", "2"]);
      expect(exitCode).toBe(1);
      expect(document).toMatchObject({ status: "failed", attempts: 2 });
      expect(document.result).toContain("without a handoff");
    },
  );

  scenario("--timeout ends the whole process tree", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, {
      slow: "sleep 300 & echo $! > pids; echo $$ >> pids; wait",
    });
    const { exitCode, document } = await rig.jsonInside(["slow", "do it", "--timeout", "3"]);
    expect(exitCode).toBe(3);
    expect(document.error).toMatchObject({
      code: "timeout",
      message: "slow handed nothing over within 3 s, and its command is ended",
      hint: "give more time with --timeout, or a smaller task",
    });
    const pids = rig.read("pids").trim().split("\n").map(Number);
    expect(pids).toHaveLength(2);
    await until(() => pids.every((pid) => !isProcessAlive(pid, null)), "the end of its processes");
  });

  scenario(
    '"mode": "plan" for a command without such a mode is refused before anything runs',
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, {
        writer: { command: ["touch", "ran"], handoff: "stdout", mode: "plan" },
      });
      const { exitCode, document } = await rig.jsonInside(["writer", "do it"]);
      expect(exitCode).toBe(2);
      expect(document.error).toMatchObject({ code: "config_invalid" });
      expect(`${document.error?.message} ${JSON.stringify(document.error?.problems)}`).toContain(
        "plan",
      );
      expect(readdirSync(rig.folder)).not.toContain("ran");
    },
  );
});

describe("the gateway comes and goes by itself", () => {
  scenario(
    "several terminals that start it at once end up with one",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { who: 'echo "$DELEGATE_GATEWAY_PID"' });
      const ends = await Promise.all([1, 2, 3, 4].map(() => rig.json(["who", "are you?"])));
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
      expect(new Set(ends.map(({ document }) => document.result)).size).toBe(1);
    },
  );

  scenario("start, status and stop say what is", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { echo: "echo hi" });
    expect(await rig.inside(["gateway", "status"])).toMatchObject({ exitCode: 1 });
    const started = await rig.inside(["gateway", "start", "--json"]);
    expect(started.exitCode).toBe(0);
    const { pid, url }: { pid: number; url: string } = JSON.parse(started.stdout);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const status = await rig.inside(["gateway", "status", "--json"]);
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ status: "running", pid, url });
    expect((await rig.inside(["gateway", "stop"])).exitCode).toBe(0);
    expect(isProcessAlive(pid, null)).toBe(false);
    expect(await rig.inside(["gateway", "stop"])).toMatchObject({ exitCode: 0 });
    expect(await rig.inside(["gateway", "status"])).toMatchObject({ exitCode: 1 });
  });

  scenario("idle, it leaves; called again, there is a new one", async ({ newRig, expect }) => {
    const rig = await projectWith(
      newRig,
      { who: 'echo "$DELEGATE_GATEWAY_PID"' },
      { gateway: { idleSeconds: 2 } },
    );
    const first = await rig.jsonInside(["who", "are you?"]);
    await until(
      () => !isProcessAlive(Number(first.document.result), null),
      "the gateway's leaving",
    );
    const second = await rig.jsonInside(["who", "are you?"]);
    expect(second.exitCode).toBe(0);
    expect(second.document.result).not.toBe(first.document.result);
  });

  scenario(
    "stopped in the middle of a run: the run says so at once",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { slow: "sleep 300" });
      const running = rig.jsonInside(["slow", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_admitted");
      await rig.inside(["gateway", "stop"]);
      const { exitCode, document } = await running;
      expect(exitCode).toBe(1);
      expect(document.error?.message).toContain("the local gateway was stopped");
    },
  );
});

describe("the gateway is killed with kill -9 in the middle of a run", () => {
  scenario("the run ends in seconds, and says what happened", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { slow: endless });
    const running = rig.jsonInside(["slow", "do it", "--run-id", "r"]);
    await rig.hasHappened("r", "attempt_admitted");
    await killGatewayAtWork(rig);
    const { exitCode, document } = await running;
    expect(exitCode).toBe(6);
    expect(document.error).toMatchObject({ code: "unreachable", retryable: true });
    expect(document.error?.message).toContain("went away while slow was working");
    await endLeftBehind(rig);
  });

  scenario(
    "with --retries 2 the second attempt starts a new one and completes",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, {
        twice:
          'if [ -e tried ]; then echo "second: $DELEGATE_GATEWAY_PID"; else echo $$ > tried; exec sleep 300; fi',
      });
      const running = rig.jsonInside(["twice", "do it", "--run-id", "r", "--retries", "2"]);
      await rig.hasHappened("r", "attempt_admitted");
      const lost = await pidIn(rig, "tried");
      const killed = gatewayPid(rig);
      await killGateway(rig);
      const { exitCode, document } = await running;
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", attempts: 2 });
      expect(document.result).not.toContain(String(killed));
      await until(() => !isProcessAlive(lost, null), "the end of the process that was left behind");
    },
  );

  scenario("after --no-wait: wait says what happened", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { slow: endless });
    const sent = await rig.jsonInside(["slow", "do it", "--no-wait", "--run-id", "r"]);
    expect(sent.document).toEqual({ status: "sent", runId: "r", agent: "slow" });
    await killGatewayAtWork(rig);
    const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(6);
    expect(document.error).toMatchObject({ code: "unreachable" });
    expect(document.error?.message).toContain("no longer running");
    await endLeftBehind(rig);
  });

  scenario(
    "after --no-wait and a new gateway for another run: wait says what happened, too",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { slow: endless, echo: "echo hi" });
      await rig.jsonInside(["slow", "do it", "--no-wait", "--run-id", "r"]);
      await killGatewayAtWork(rig);
      await rig.jsonInside(["echo", "do it"]);
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(6);
      expect(document.error).toMatchObject({ code: "unreachable" });
      await endLeftBehind(rig);
    },
  );

  scenario("but what was handed over before counts", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { echo: "echo hi" });
    await rig.jsonInside(["echo", "do it", "--no-wait", "--run-id", "r"]);
    await until(() => readdirSync(`${rig.handoffDir}/r`).includes("attempt-1.json"), "the handoff");
    await killGateway(rig);
    const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(0);
    expect(document.result).toBe("hi");
  });
});

describe("--no-wait and wait", () => {
  scenario("a command agent is started and waited for later", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, {
      slow: "until [ -e go ]; do sleep 0.05; done; echo went",
    });
    await rig.jsonInside(["slow", "do it", "--no-wait", "--run-id", "r"]);
    const waiting = rig.jsonInside(["wait", "r"]);
    await rig.hasHappened("r", "driver_took_over");
    rig.write("go", "");
    const { exitCode, document } = await waiting;
    expect(exitCode).toBe(0);
    expect(document.result).toBe("went");
  });

  scenario("one that failed meanwhile is told by wait", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { crash: "exit 9" });
    await rig.jsonInside(["crash", "do it", "--no-wait", "--run-id", "r"]);
    const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(1);
    expect(document.result).toContain("code 9");
  });

  scenario(
    "one that ran out of time meanwhile is a timeout for wait",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { slow: "sleep 300" });
      await rig.jsonInside(["slow", "do it", "--no-wait", "--run-id", "r", "--timeout", "0.5"]);
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(3);
      expect(document.error).toMatchObject({ code: "timeout" });
    },
  );
});

/** A script that delegates further. */
const ask = (agent: string, ending = ""): string => `delegate ${agent} "part of it"${ending}`;

describe("an agent that delegates", () => {
  scenario("does so in its own name and within its own run", async ({ newRig, expect }) => {
    const rig = await projectWith(
      newRig,
      { lead: ask("helper", " --format text"), helper: "echo helped" },
      { acl: { lead: ["helper"] } },
    );
    const { exitCode, document } = await rig.jsonInside(["lead", "do it"], {
      env: { DELEGATE_CALLER: "" },
    });
    expect(exitCode).toBe(0);
    expect(document.result).toBe("helped");
    const listed = await rig.inside(["list", "--json"]);
    const {
      runs,
    }: { runs: { agent: string; caller: string | null; parentRunId: string | null }[] } =
      JSON.parse(listed.stdout);
    const helper = runs.find(({ agent }) => agent === "helper");
    expect(helper).toMatchObject({ caller: "lead", parentRunId: document.runId });
  });

  scenario("is held to the ACL", async ({ newRig, expect }) => {
    const rig = await projectWith(
      newRig,
      { lead: `${ask("helper")}; echo "exit $?"`, helper: "echo helped" },
      { acl: { lead: [] } },
    );
    const { document } = await rig.jsonInside(["lead", "do it"]);
    expect(document.result).toContain("exit 4");
    expect(document.result).toContain("acl_denied");
  });

  scenario("may not send work round in circles", async ({ newRig, expect }) => {
    const rig = await projectWith(
      newRig,
      { lead: ask("helper", " --format text"), helper: `${ask("lead")}; echo "exit $?"` },
      { acl: { lead: ["helper"], helper: ["lead"] } },
    );
    const { document } = await rig.jsonInside(["lead", "do it"]);
    expect(document.result).toContain("exit 4");
    expect(document.result).toContain("rule cycle");
  });

  scenario("may not go deeper than maxDepth", async ({ newRig, expect }) => {
    const rig = await projectWith(
      newRig,
      {
        one: ask("two", " --format text"),
        two: `${ask("three")}; echo "exit $?"`,
        three: "echo never",
      },
      { acl: { one: ["two"], two: ["three"] }, maxDepth: 2 },
    );
    const { document } = await rig.jsonInside(["one", "do it"]);
    expect(document.result).toContain("exit 4");
    expect(document.result).toContain("maxDepth");
    expect(document.result).not.toContain("never");
  });
});
