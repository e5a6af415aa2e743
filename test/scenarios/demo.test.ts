import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { scenario } from "../rig/scenario.ts";

const timeout = 60_000;

scenario(
  "the demo shows a flow with a loop that a person approves",
  { timeout },
  async ({ newRig }) => {
    const rig = await newRig();
    const { exitCode, stdout, stderr } = await rig.run(["demo"], { env: { TMPDIR: rig.folder } });
    expect([exitCode, stdout.match(/\(exit code \d+\)/g)]).toEqual([0, ["(exit code 4)"]]);
    expect(stderr).toContain("work.1.check failed: the command ended with exit code 1: it has 31");
    expect(stderr).toContain("delegate: approve waits for an approval\n");
    expect(stdout).toContain("\napprove: approved by you\n");
    expect(stdout).toContain("\nAfter 2 iterations, approved by you.\n");
    expect(readdirSync(rig.folder).filter((name) => name.startsWith("delegate-demo"))).toEqual([]);
  },
);
