import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { tour } from "../../src/cli/demo/tour.ts";
import { launcherPath } from "../../src/launcher-path.ts";
import { scenario } from "../rig/scenario.ts";

const timeout = 60_000;

scenario("the flow of the demo is not waited for when it could not begin", async ({ newRig }) => {
  const rig = await newRig();
  const flow = tour.find(({ command }) => command.includes("flow approve"));
  mkdirSync(join(rig.folder, "bin"));
  symlinkSync(launcherPath(), join(rig.folder, "bin/delegate"));
  const PATH = [join(rig.folder, "bin"), dirname(process.execPath), process.env["PATH"]].join(":");
  const { exitCode, stderr } = await rig.runProgram("sh", ["-c", flow?.command ?? ""], {
    env: { PATH },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("there is no flow run summary-1 here");
});

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
