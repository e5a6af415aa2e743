import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describeGateway } from "../conformance/gateway.suite.ts";
import { begunTasks, readRig } from "./rig.ts";

const rig = readRig();

describeGateway("OpenClaw", async () => {
  const handoffDir = join(rig.folder, "contract");
  await mkdir(handoffDir, { mode: 0o700 });
  return {
    origin: rig.origin,
    hookPath: "/hooks/agent",
    token: rig.hookToken,
    agentId: "main",
    handoffDir,
    countBegun: async (runId) => (await begunTasks(rig, runId)).length,
    // The gateway is main.ts's, and serves the other suites as well.
    stop: async () => {},
  };
});
