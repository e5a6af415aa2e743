import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { CliEnd, Rig, RunningCli } from "../rig/rig.ts";
import { launcher } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit } from "../rig/steered-gateway.ts";

/** A Node that is too old for the program, if the system has one. */
const oldNode = ["/usr/bin/node", "/usr/local/bin/node"].find((node) => {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return /^v(?:1\d|20|21)\./.test(stdout ?? "");
});

/** The command as it is started where the system's Node is too old. */
function startWithOldNode(rig: Rig, words: readonly string[]): RunningCli {
  return rig.startProgram(oldNode ?? "", [launcher, ...words]);
}

scenario("what one start has compiled serves the next", async ({ newRig, expect }) => {
  const rig = await newRig();
  const env = {
    NODE_COMPILE_CACHE: join(rig.folder, "cache"),
    NODE_DEBUG_NATIVE: "COMPILE_CACHE",
  };
  const start = (): Promise<CliEnd> =>
    rig.runProgram(process.execPath, [launcher, "flow", "list"], { env });
  expect((await start()).stderr).toMatch(/delegate\.cjs was not initialized/);
  const { stderr } = await start();
  expect(stderr).toMatch(/delegate\.cjs was accepted/);
  expect(stderr).not.toMatch(/was rejected|was not initialized/);
});

/** Writes down which process is ended by `process.exit()`. */
const trap = `
const { appendFileSync } = require("node:fs");
const exit = process.reallyExit;
process.reallyExit = (code) => {
  appendFileSync(process.env.TRAPPED, process.argv.slice(2).join(" ") + "\\n");
  exit.call(process, code);
};
`;

scenario(
  "a process ends by itself: process.exit() may wait for V8's threads for ever",
  async ({ newRig, expect }) => {
    const rig = await newRig();
    const worker = { url: rig.gateway.origin, token: { file: "token" } };
    const own = { command: ["sh", "-c", "echo done"], handoff: "stdout" };
    rig.writeConfig({ agents: { worker, own } });
    const env = {
      NODE_OPTIONS: `--require ${rig.write("trap.cjs", trap)}`,
      TRAPPED: rig.write("trapped", ""),
    };
    rig.write(
      "one.yaml",
      "name: one\nagents: { own: own }\nsteps: { ask: { agent: own, task: hi } }\n",
    );
    for (const words of [
      ["worker", "do it"],
      ["worker", "do it", "--no-wait", "--run-id", "r"],
      ["wait", "r"],
      ["list"],
      ["own", "do it"],
      ["flow", "run", "one.yaml"],
      ["gateway", "stop"],
    ])
      expect((await rig.run(words, { env })).exitCode, words.join(" ")).toBe(0);
    expect(rig.read("trapped")).toBe("");
  },
);

describe.skipIf(oldNode === undefined)("on a Node that is too old", () => {
  scenario("another one is used, and its end is the end", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, stdout } = await startWithOldNode(rig, ["worker", "do it"]).end;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "complete" });
    expect((await startWithOldNode(rig, ["wroker", "do it"]).end).exitCode).toBe(2);
  });

  for (const [signal, exitCode, code] of [
    ["SIGINT", 130, "interrupted"],
    ["SIGTERM", 143, "terminated"],
    ["SIGHUP", 143, "terminated"],
  ] as const)
    scenario(
      `${signal} is passed on, and the run is left in good order`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        rig.gateway.onHook = (_call, response) => admit(response);
        const running = startWithOldNode(rig, ["worker", "do it", "--run-id", "r"]);
        await rig.hasHappened("r", "attempt_admitted");
        running.child.kill(signal);
        const end = await running.end;
        expect(end.exitCode).toBe(exitCode);
        expect(JSON.parse(end.stdout)).toMatchObject({ error: { code } });
        await rig.hasHappened("r", "driver_left");
      },
    );

  scenario("a Ctrl-C that reaches both counts once", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.writeConfig({ agents: { coder: { command: ["sleep", "60"] } } });
    const line = `${oldNode} ${launcher} coder "do it" --run-id r --on-interrupt cancel`;
    const running = rig.startProgram("setsid", ["--wait", "sh", "-c", `echo $$; exec ${line}`]);
    await rig.hasHappened("r", "attempt_admitted");
    const [group = ""] = running.output().split("\n");
    process.kill(-Number(group), "SIGINT");
    const { exitCode, stdout } = await running.end;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('"status": "canceled"');
  });

  scenario("and none else is there: what is needed, in two lines", async ({ newRig, expect }) => {
    const rig = await newRig();
    copyFileSync(launcher, join(rig.folder, "launch.cjs"));
    const end = await rig.runProgram(oldNode ?? "", [join(rig.folder, "launch.cjs"), "list"]);
    expect(end).toMatchObject({ exitCode: 2, stdout: "" });
    expect(end.stderr).toMatch(
      /^delegate: this is Node\.js \S+; needed is 22 \(22\.22\.2 or newer\), 24 \(24\.15\.0 or newer\), or 26\.0\.0 or newer\n {2}to do: install one of these, .*\n$/,
    );
  });
});

test.runIf(oldNode === undefined)(
  "no old Node is installed here, so nothing was tried with one",
  () => undefined,
);
