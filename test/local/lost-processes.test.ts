import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { endLostProcesses } from "../../src/local/lost-processes.ts";
import { readProcessStat } from "../../src/system/process-life.ts";

/** Starts what could be an agent of the gateway with this pid and start. */
async function startAgent(pid: number, start: string | undefined) {
  const own = { DELEGATE_HANDOFF_PATH: "/h/handoffs/r1/a.json", DELEGATE_GATEWAY_PID: `${pid}` };
  const env = { ...process.env, ...own, DELEGATE_GATEWAY_START: start };
  const agent = spawn("sleep", ["300"], { env, detached: true, stdio: "ignore" });
  onTestFinished(() => void agent.kill("SIGKILL"));
  await once(agent, "spawn");
  return agent;
}

test.runIf(process.platform === "linux")(
  "agents are lost also when their gateway's pid is somebody else's by now",
  async () => {
    const start = readProcessStat(process.pid)?.start;
    const agents = [
      await startAgent(process.pid, `${start}0`),
      await startAgent(process.pid, start),
      // Begun by an earlier version.
      await startAgent(process.pid, undefined),
    ];
    const ended = await endLostProcesses("/h/handoffs", 5_000);
    expect(agents.map(({ pid = 0 }) => ended.includes(pid))).toEqual([true, false, false]);
  },
);
