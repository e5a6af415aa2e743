import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";
import type { Outcome } from "../../src/run/outcome.ts";
import type { CliEnd } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { fill, mountSmallDisk } from "../rig/small-disk.ts";
import { admit, answerAtOnce, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

function readDocument({ stdout }: CliEnd): Outcome {
  const document: Outcome = JSON.parse(stdout);
  return document;
}

function expectNoStackTrace({ stdout, stderr }: Pick<CliEnd, "stderr"> & Partial<CliEnd>): void {
  if (/^\s+at .*:\d+/m.test(`${stdout}${stderr}`))
    throw new Error(`a stack trace: ${stdout}${stderr}`);
}

describe("signals", () => {
  scenario(
    "Ctrl-C: exit 130 and one document that tells how to wait; the run goes on",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const running = rig.start(["worker", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_admitted");
      running.child.kill("SIGINT");
      const end = await running.end;
      expect(end.exitCode).toBe(130);
      expect(readDocument(end)).toMatchObject({
        status: "error",
        runId: "r",
        agent: "worker",
        error: { code: "interrupted", retryable: true },
      });
      expect(readDocument(end).error?.hint).toContain("delegate wait r");
      expect(end.stderr).toBe("");
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario("Ctrl-C twice: gone at once, with 130", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    const running = rig.start(["worker", "do it", "--run-id", "r"]);
    await rig.hasHappened("r", "attempt_admitted");
    running.child.kill("SIGINT");
    running.child.kill("SIGINT");
    const end = await running.end;
    expect(end.exitCode).toBe(130);
    expectNoStackTrace(end);
  });

  scenario(
    "at any moment of its life: exit 130 with one document, or gone without a word",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => void setTimeout(() => admit(response), 50);
      for (let afterMs = 20; afterMs <= 220; afterMs += 40) {
        const running = rig.start(["worker", "do it", "--run-id", `r${afterMs}`]);
        await sleep(afterMs);
        running.child.kill("SIGINT");
        const end = await running.end;
        expectNoStackTrace(end);
        if (end.signal === "SIGINT") expect(end.stdout).toBe("");
        else {
          expect(end.exitCode).toBe(130);
          expect(readDocument(end).error).toMatchObject({ code: "interrupted" });
        }
      }
    },
  );

  scenario(
    "Ctrl-C while the request is on its way: the same request goes out again when waited for",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = () => undefined;
      const running = rig.start(["worker", "do it", "--run-id", "r"]);
      await until(() => rig.gateway.sent.length === 1, "the request");
      running.child.kill("SIGINT");
      const end = await running.end;
      expect(end.exitCode).toBe(130);
      expect(readDocument(end).runId).toBe("r");
      rig.gateway.onHook = answerAtOnce();
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      const [first, second] = rig.gateway.sent;
      expect(second?.bodyText).toBe(first?.bodyText);
    },
  );

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    scenario(`${signal}: exit 143, and the run goes on`, async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const running = rig.start(["worker", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_admitted");
      running.child.kill(signal);
      const end = await running.end;
      expect(end.exitCode).toBe(143);
      expect(readDocument(end).error).toMatchObject({ code: "terminated" });
    });
  }

  scenario("Ctrl-C on a wait: exit 130, and waited for again", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.jsonInside(["worker", "do it", "--run-id", "r", "--no-wait"]);
    const running = rig.start(["wait", "r"]);
    await rig.hasHappened("r", "driver_took_over");
    running.child.kill("SIGINT");
    const end = await running.end;
    expect(end.exitCode).toBe(130);
    expect(readDocument(end).error?.hint).toContain("delegate wait r");
    writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
    expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
  });
});

describe("streams", () => {
  for (const format of ["json", "text"]) {
    scenario(
      `stdout closed early (--format ${format}): no complaint, and the run is as good as ever`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        rig.gateway.onHook = answerAtOnce({ result: "line\n".repeat(200_000) });
        const running = rig.start(["worker", "do it", "--run-id", "r", "--format", format]);
        running.child.stdout.destroy();
        const end = await running.end;
        expect(end.exitCode).toBe(0);
        expect(end.stderr).toBe("");
        expect((await rig.jsonInside(["wait", "r"])).document.result).toHaveLength(1_000_000);
      },
    );
  }

  scenario(
    "stderr closed early: the result is on stdout all the same",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const running = rig.start(["worker", "do it", "--verbose"]);
      running.child.stderr.destroy();
      const end = await running.end;
      expect(end.exitCode).toBe(0);
      expect(readDocument(end).status).toBe("complete");
    },
  );

  scenario("a reader that is slow gets all of a large result", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = answerAtOnce({ result: "x".repeat(2_000_000) });
    const running = rig.start(["worker", "do it"]);
    running.child.stdout.pause();
    setTimeout(() => running.child.stdout.resume(), 300);
    const end = await running.end;
    expect(readDocument(end).result).toHaveLength(2_000_000);
  });
});

describe("the disk", () => {
  scenario(
    "no room before sending: exit 74, and nothing is sent",
    async ({ newRig, expect, skip }) => {
      const rig = await newRig();
      const disk = mountSmallDisk(rig.handoffDir, "256k");
      if (disk === null) skip("a small disk can't be mounted here");
      try {
        fill(rig.handoffDir);
        const end = await rig.inside(["worker", "do it", "--run-id", "r"]);
        expect(end.exitCode).toBe(74);
        expect(readDocument(end).error).toMatchObject({ code: "storage_failed", retryable: true });
        expect(readDocument(end).error?.message).toContain("no space left");
        expectNoStackTrace(end);
        expect(rig.gateway.sent).toHaveLength(0);
        rmSync(`${rig.handoffDir}/filler`);
        expect((await rig.jsonInside(["worker", "do it", "--run-id", "r"])).exitCode).toBe(0);
        expect(rig.gateway.sent).toHaveLength(1);
      } finally {
        disk?.unmount();
      }
    },
  );

  scenario(
    "full once the task is with the agent: the result is answered, with a note",
    async ({ newRig, expect, skip }) => {
      const rig = await newRig();
      const disk = mountSmallDisk(rig.handoffDir, "64k");
      if (disk === null) skip("a small disk can't be mounted here");
      try {
        rig.gateway.onHook = async (call, response) => {
          admit(response);
          await rig.hasHappened(call.runId, "attempt_admitted");
          writeAsAgent(call.handoffPath, "");
          writeFileSync(call.handoffPath, JSON.stringify(goodHandoff(call)).padEnd(4_096));
          fill(rig.handoffDir);
        };
        const end = await rig.inside(["worker", "do it", "--run-id", "r"]);
        expect(end.exitCode).toBe(0);
        expect(readDocument(end)).toMatchObject({ status: "complete", result: "done: r" });
        expectNoStackTrace(end);
      } finally {
        disk?.unmount();
      }
    },
  );

  scenario(
    "full while it waits: the result is answered with a note on stderr, and again by wait",
    async ({ newRig, expect, skip }) => {
      const rig = await newRig();
      const disk = mountSmallDisk(rig.handoffDir, "64k");
      if (disk === null) skip("a small disk can't be mounted here");
      try {
        rig.gateway.onHook = (_call, response) => admit(response);
        const running = rig.start(["worker", "do it", "--run-id", "r"]);
        await rig.hasHappened("r", "attempt_admitted");
        const path = `${rig.handoffDir}/r/attempt-1.json`;
        writeFileSync(`${path}.tmp`, JSON.stringify(goodHandoff({ runId: "r" })));
        fill(rig.handoffDir);
        spawnSync("mv", [`${path}.tmp`, path]);
        const end = await running.end;
        expect(end.exitCode).toBe(0);
        expect(readDocument(end)).toMatchObject({ status: "complete", result: "done: r" });
        expect(end.stderr).toMatch(/^delegate: .*no space left on the disk\n$/);
        rmSync(`${rig.handoffDir}/filler`);
        const waited = await rig.jsonInside(["wait", "r"]);
        expect(waited.exitCode).toBe(0);
        expect(waited.document.result).toBe("done: r");
        expect(rig.gateway.sent).toHaveLength(1);
      } finally {
        disk?.unmount();
      }
    },
  );

  scenario(
    "full while a command agent works: exit 74 in seconds, and what happened",
    async ({ newRig, expect, skip }) => {
      const rig = await newRig();
      const disk = mountSmallDisk(rig.handoffDir, "256k");
      if (disk === null) skip("a small disk can't be mounted here");
      try {
        const command = [
          "sh",
          "-c",
          `cat > ${rig.handoffDir}/filler < /dev/zero 2> /dev/null; echo done`,
        ];
        rig.writeConfig({ agents: { filler: { command, handoff: "stdout" } } });
        const end = await rig.inside(["filler", "do it", "--run-id", "r"]);
        expectNoStackTrace(end);
        expect(end.exitCode).toBe(74);
        expect(readDocument(end).error).toMatchObject({
          code: "storage_failed",
          message:
            "filler has finished, but its handoff could not be written: no space left on the disk",
        });
        rmSync(`${rig.handoffDir}/filler`);
        await rig.inside(["gateway", "stop"]);
      } finally {
        disk?.unmount();
      }
    },
  );

  scenario(
    "no room for the local gateway: exit 74, and nothing is run",
    async ({ newRig, expect, skip }) => {
      const rig = await newRig();
      const disk = mountSmallDisk(rig.handoffDir, "64k");
      if (disk === null) skip("a small disk can't be mounted here");
      try {
        rig.writeConfig({ agents: { echo: { command: ["touch", "ran"], handoff: "stdout" } } });
        await rig.inside(["gateway", "start"]);
        await rig.inside(["gateway", "stop"]);
        fill(rig.handoffDir);
        const end = await rig.inside(["echo", "do it"]);
        expectNoStackTrace(end);
        expect(end.exitCode).toBe(74);
        expect(existsSync(`${rig.folder}/ran`)).toBe(false);
      } finally {
        disk?.unmount();
      }
    },
  );

  scenario("a file limit (ulimit -f) is a full disk, not a crash", async ({ newRig, expect }) => {
    const rig = await newRig();
    const task = "x".repeat(5_000);
    const launcher = new URL("../../bin/launch.cjs", import.meta.url).pathname;
    const child = spawnSync(
      "bash",
      ["-c", `ulimit -f 4; exec "$0" "$@"`, process.execPath, launcher, "worker", task],
      {
        cwd: rig.folder,
        env: { PATH: process.env["PATH"], HOME: rig.folder, NODE_DISABLE_COMPILE_CACHE: "1" },
        encoding: "utf8",
      },
    );
    expect(child.status).toBe(74);
    expect(JSON.parse(child.stdout).error).toMatchObject({ code: "storage_failed" });
    expectNoStackTrace(child);
    expect(rig.gateway.sent).toHaveLength(0);
    expect(readdirSync(rig.handoffDir)).toEqual([".gitignore"]);
  });

  scenario(
    "a file in the handoff folder's place: exit 74, and nothing is sent",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("handoffs", "a file");
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(74);
      expect(document.error).toMatchObject({ code: "storage_failed" });
      expect(rig.gateway.sent).toHaveLength(0);
    },
  );

  scenario(
    "a run whose request.json is garbled: said so, by wait, show and the same --run-id",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      for (const text of ["", '{"schema":', "null", "[]"]) {
        writeFileSync(`${rig.handoffDir}/r/request.json`, text);
        for (const words of [
          ["wait", "r"],
          ["worker", "do it", "--run-id", "r"],
        ]) {
          const { exitCode, document, stderr } = await rig.jsonInside(words);
          expect([words[0], text, exitCode]).toEqual([words[0], text, 74]);
          expect(document.error).toMatchObject({ code: "storage_failed" });
          expectNoStackTrace({ stderr });
        }
        const shown = await rig.inside(["show", "r"]);
        expect(shown.exitCode).toBe(74);
        expect((await rig.inside(["list"])).exitCode).toBe(0);
      }
    },
  );

  scenario(
    "a log that can't be written: one note, and the result is fine",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("logs", "a file");
      const { exitCode, document, stderr } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(0);
      expect(document.status).toBe("complete");
      expect(stderr).toMatch(/^delegate: the log in .*logs can't be written: .*\n$/);
    },
  );

  scenario(
    "a handoff.json that was garbled afterwards: wait answers from the agent's own file",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      writeFileSync(`${rig.handoffDir}/r/handoff.json`, '{"status"');
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(0);
      expect(document.result).toBe("done: r");
    },
  );
});
