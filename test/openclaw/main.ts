import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callHook } from "../conformance/hook-call.ts";
import { SuiteRunner } from "../rig/suite-runner.ts";
import { installGateway } from "./install.ts";
import { startGateway } from "./real-gateway.ts";
import type { RunningGateway } from "./real-gateway.ts";
import { rigEnvironment } from "./rig.ts";
import { startStandInModel } from "./stand-in-model.ts";

// Installs OpenClaw into a cache folder, starts it with a stand-in model, runs the suites against it, stops it.
// DELEGATE_CACHE_DIR names another cache folder. Arguments are handed to vitest.

const suites = new SuiteRunner("openclaw");

/** The second round ends the gateway. */
const rounds = [["contract.suite.ts", "cli.suite.ts"], ["outage.suite.ts"]] as const;

async function withGateway(folder: string): Promise<boolean> {
  const { say, signal, cache } = suites;
  say(`installing into ${cache}, unless it is there`);
  const installed = await installGateway(cache, signal);
  const model = await startStandInModel();
  try {
    say("starting the gateway");
    const gateway = await startGateway(installed, model.origin, folder, signal);
    try {
      await warmUp(gateway);
      say(`the gateway is ready at ${gateway.origin} (process ${gateway.pid})`);
      const work = join(folder, "work");
      await mkdir(work);
      const rig = {
        origin: gateway.origin,
        hookToken: gateway.hookToken,
        gatewayPid: gateway.pid,
        modelOrigin: model.origin,
        fencedWorkspace: join(folder, "workspaces", "fenced"),
        folder: work,
      };
      for (const names of rounds) {
        const words = [...names, ...process.argv.slice(2)];
        if (!(await suites.run(words, rigEnvironment(rig)))) return false;
      }
      return true;
    } finally {
      await gateway.stop();
      say("the gateway is stopped");
    }
  } finally {
    await model.stop();
  }
}

/** With its first run it loads all that it needs for one, and answers nobody meanwhile: that is no time for many calls. */
async function warmUp({ origin, hookToken }: RunningGateway): Promise<void> {
  const message = "run_id: warm-up";
  const body = { message, agentId: "main", waitForCompletion: true, timeoutSeconds: 600 };
  const answer = await callHook(`${origin}/hooks/agent`, { token: hookToken, key: message, body });
  if (answer.status !== 200) throw new Error(`its first run ended so: ${answer.text}`);
}

await suites.conclude(async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "delegate-openclaw-")));
  try {
    return await withGateway(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
