import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Project } from "./delegate-cli.ts";
import { readRig, taskBegun } from "./rig.ts";

// Runs last and alone: it ends the gateway.

test("a gateway that goes away finishes what it can, and nobody waits long for the rest", async () => {
  const rig = readRig();
  const agents = { main: { url: rig.origin, token: { file: "hook.token" } } };
  const project = await Project.create(rig, "outage", { agents });
  const short = project.start("main", "FAKE:delay=4000", "--run-id", "short");
  const long = project.start("main", "FAKE:delay=120000", "--run-id", "long");
  await Promise.all(["short", "long"].map((id) => taskBegun(rig, `run_id: ${id}]`)));
  // By then both have their held connection; a gateway that is about to end takes no new one.
  await sleep(1000);

  process.kill(rig.gatewayPid, "SIGTERM");
  await sleep(200);
  const refused = await project.delegate("main", "Say something.");
  expect(refused).toMatchObject({ exitCode: 6 });
  expect(refused.json()).toMatchObject({ error: { code: "send_failed", retryable: true } });
  const finished = await short.ended;
  expect(finished).toMatchObject({ exitCode: 0 });
  expect(finished.json()).toMatchObject({ status: "complete", runId: "short" });

  process.kill(rig.gatewayPid, "SIGKILL");
  // Half a minute is left to it, in case that it restarts.
  const lost = await long.ended;
  expect(lost.tookMs).toBeLessThan(50_000);
  expect(lost).toMatchObject({ exitCode: 6 });
  expect(lost.json()).toMatchObject({ error: { code: "unreachable" } });
  const afterwards = await project.delegate("main", "Say something.");
  expect(afterwards).toMatchObject({ exitCode: 6 });
  expect(afterwards.json()).toMatchObject({ error: { code: "unreachable" } });
});
