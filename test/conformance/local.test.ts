import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Rig } from "../local/rig.ts";
import { describeGateway } from "./gateway.suite.ts";

const program = join(import.meta.dirname, "agent.ts");

describeGateway("the local gateway", async () => {
  const notes = "begun.txt";
  const rig = new Rig({ main: { command: [process.execPath, program, notes] } });
  mkdirSync(rig.handoffDir, { mode: 0o700, recursive: true });
  const { origin, token } = await rig.address();
  return {
    origin,
    hookPath: "/hooks/agent",
    token: token.reveal(),
    agentId: "main",
    handoffDir: rig.handoffDir,
    countBegun: async (runId) => {
      const lines = readFileSync(join(rig.folder, notes), "utf8").split("\n");
      return lines.filter((line) => line === runId).length;
    },
    stop: () => rig.dispose(),
  };
});
