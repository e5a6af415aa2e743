import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { callHook } from "../conformance/hook-call.ts";
import { Project } from "./delegate-cli.ts";
import { readRig, taskBegun } from "./rig.ts";
import type { Rig } from "./rig.ts";

// Runs last and alone: it ends the gateway.

test("a gateway that goes away finishes what it can, and nobody waits long for the rest", async () => {
  const rig = readRig();
  const agents = { main: { url: rig.origin, token: { file: "hook.token" } } };
  const project = await Project.create(rig, "outage", { agents });
  const short = project.start("main", "FAKE:until=go", "--run-id", "short");
  const forHours = ["--run-id", "long", "--timeout", "7200"];
  const long = project.start("main", "FAKE:until=never", ...forHours);
  await Promise.all(["short", "long"].map((id) => taskBegun(rig, `run_id: ${id}]`)));

  process.kill(rig.gatewayPid, "SIGTERM");
  await gatewayTakesNothingNew(rig);
  const refused = await project.delegate("main", "Say something.");
  expect(refused).toMatchObject({ exitCode: 6 });
  expect(refused.json()).toMatchObject({ error: { code: "send_failed", retryable: true } });
  await project.letGo("short");
  const finished = await short.ended;
  expect(finished).toMatchObject({ exitCode: 0 });
  expect(finished.json()).toMatchObject({ status: "complete", runId: "short" });

  process.kill(rig.gatewayPid, "SIGKILL");
  // Half a minute is left to it, in case that it restarts.
  const lost = await long.ended;
  expect(lost).toMatchObject({ exitCode: 6 });
  expect(lost.json()).toMatchObject({ error: { code: "unreachable" } });
  const afterwards = await project.delegate("main", "Say something.");
  expect(afterwards).toMatchObject({ exitCode: 6 });
  expect(afterwards.json()).toMatchObject({ error: { code: "unreachable" } });
});

/** A call without a message begins nothing, and is refused for that as long as calls are taken at all. */
async function gatewayTakesNothingNew({ origin, hookToken: token }: Rig): Promise<void> {
  const call = (): ReturnType<typeof callHook> =>
    callHook(`${origin}/hooks/agent`, { token, body: {} });
  while ((await call()).status === 400) await sleep(50);
}
