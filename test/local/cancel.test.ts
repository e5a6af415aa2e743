import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CANCEL_PATH } from "../../src/gateway/hook.ts";
import { readJson, Rig, send, until } from "./rig.ts";

let rig: Rig;

beforeEach(() => {
  const stubborn = `trap '' TERM; setsid sh -c 'trap "" TERM; while :; do sleep 0.1; done' & echo $$ > "$DELEGATE_RUN_ID.pid"; while :; do sleep 0.1; done`;
  rig = new Rig(
    { stubborn: { command: ["sh", "-c", stubborn] }, quick: { command: ["true"] } },
    { maxConcurrent: 1 },
    { graceMs: 200 },
  );
});

afterEach(() => rig.dispose());

it("a canceled run's whole process tree ends, also what ignores TERM, and nothing is written for it", async () => {
  const { message, handoffPath } = rig.newRun("run-1");
  const held = rig.post({ agentId: "stubborn", message, waitForCompletion: true });
  await until(
    () =>
      existsSync(`${rig.folder}/run-1.pid`) &&
      readFileSync(`${rig.folder}/run-1.pid`, "utf8") !== "",
  );
  expect(await cancel({ runId: "another" })).toEqual({ status: 200, json: { ok: true, ended: 0 } });
  expect(await cancel({ runId: "run-1" })).toEqual({ status: 200, json: { ok: true, ended: 1 } });
  expect((await held).json["completion"]).toMatchObject({ status: "error" });
  expect(readJson(handoffPath)).toBeNull();
});

it("a canceled run that waits for a place is never started", async () => {
  const first = rig.newRun("run-1");
  await rig.post({ agentId: "stubborn", message: first.message });
  const second = rig.newRun("run-2");
  const waiting = rig.post({ agentId: "stubborn", message: second.message });
  await until(() => rig.log().includes("run_queued"));
  expect((await cancel({ runId: "run-2" })).json).toEqual({ ok: true, ended: 1 });
  expect((await waiting).status).toBe(503);
  expect((await cancel({ runId: "run-1" })).json).toEqual({ ok: true, ended: 1 });
});

it("canceling needs the token and the name of a run", async () => {
  const { origin } = await rig.address();
  expect((await send(`${origin}${CANCEL_PATH}`, { method: "POST", body: "{}" })).status).toBe(401);
  expect((await send(`${origin}${CANCEL_PATH}`, {})).status).toBe(405);
  expect((await cancel({})).status).toBe(400);
  expect((await cancel("no JSON")).status).toBe(400);
});

async function cancel(body: object | string): Promise<{ status: number; json: unknown }> {
  const { origin, token } = await rig.address();
  const reply = await send(`${origin}${CANCEL_PATH}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token.reveal()}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: reply.status, json: JSON.parse(reply.text) };
}
