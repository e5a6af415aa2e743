import { cpSync } from "node:fs";
import type { RunRecord } from "../../src/run/stored/record.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";

/* Runs as version 0.1.0 left them on disk. Whatever changes, they must load and go on. */

function withStoredRuns(rig: Rig): Rig {
  cpSync(new URL("v1", import.meta.url), rig.handoffDir, { recursive: true });
  return rig;
}

scenario("an old run that was complete is still answered", async ({ newRig, expect }) => {
  const rig = withStoredRuns(await newRig());
  const { exitCode, document } = await rig.json(["wait", "old-complete"]);
  expect(exitCode).toBe(0);
  expect(document).toMatchObject({
    status: "complete",
    result: "9 sentences",
    attempts: 2,
    workflowRunId: "w1",
    stepId: "s1",
  });
});

scenario(
  "an old run that timed out still tells so, and takes what came since",
  async ({ newRig, expect }) => {
    const rig = withStoredRuns(await newRig());
    expect((await rig.jsonInside(["wait", "old-timeout"])).exitCode).toBe(3);
    writeAsAgent(
      `${rig.handoffDir}/old-timeout/attempt-1.json`,
      goodHandoff({ runId: "old-timeout" }),
    );
    expect((await rig.jsonInside(["wait", "old-timeout"])).document.status).toBe("complete");
  },
);

scenario(
  "an old run in flight goes on, and is sent to nobody again",
  async ({ newRig, expect }) => {
    const rig = withStoredRuns(await newRig());
    writeAsAgent(`${rig.handoffDir}/old-sent/attempt-1.json`, goodHandoff({ runId: "old-sent" }));
    expect((await rig.jsonInside(["wait", "old-sent"])).document.status).toBe("complete");
    expect(rig.gateway.sent).toEqual([]);
  },
);

scenario("old runs are listed, shown and followed", async ({ newRig, expect }) => {
  const rig = withStoredRuns(await newRig());
  const listed: { runs: readonly RunRecord[] } = JSON.parse(
    (await rig.inside(["list", "--json"])).stdout,
  );
  const statuses = Object.fromEntries(listed.runs.map(({ runId, status }) => [runId, status]));
  expect(statuses).toEqual({
    "old-complete": "complete",
    "old-timeout": "timeout",
    "old-sent": null,
  });
  expect((await rig.inside(["show", "old-complete"])).stdout).toContain("9 sentences");
  expect((await rig.inside(["logs", "old-complete"])).stdout).toContain(
    "handoff accepted (complete)",
  );
});
