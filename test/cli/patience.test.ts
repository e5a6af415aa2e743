import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { Patience } from "../../src/cli/live/patience.ts";
import { RunReader } from "../../src/follow/run-reader.ts";
import { leaveReasonOf } from "../../src/run/leave.ts";
import { sampleRequest, START } from "../run/samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

test("each sign of life of the agent counts anew, and without one it is over", async () => {
  const handoffDir = temporaryFolder();
  mkdirSync(`${handoffDir}/r1`);
  writeFileSync(`${handoffDir}/r1/request.json`, JSON.stringify(sampleRequest));
  let seq = 0;
  let nowMs = START;
  const tell = (happening: object): void => {
    seq += 1;
    const event = { seq, at: new Date(nowMs).toISOString(), runId: "r1", ...happening };
    appendFileSync(`${handoffDir}/r1/events.jsonl`, `${JSON.stringify(event)}\n`);
  };
  const reader = RunReader.open(handoffDir, "r1", () => nowMs);
  const limits = { timeoutMs: null, deadlineMs: null, idleTimeoutMs: 10_000 };
  const patience = new Patience(limits, reader, { nowMs: () => nowMs });
  onTestFinished(() => patience.close());

  expect(patience.isLimited).toBe(true);
  expect(patience.leavesAtMs()).toBeNull();
  tell({ type: "attempt_admitted", attempt: 1, gatewayRunId: null, isIdempotent: true });
  expect(patience.leavesAtMs()).toBe(START + 10_000);
  nowMs = START + 9_000;
  tell({ type: "agent_active", attempt: 1 });
  expect(patience.leavesAtMs()).toBe(START + 19_000);
  expect(patience.signal.aborted).toBe(false);

  const over = once(patience.signal, "abort");
  nowMs = START + 19_000;
  await over;
  expect(leaveReasonOf(patience.signal)).toBe("wait_over");
});

test("nobody's time ends who gave no limit, also of a run that is not there", () => {
  const limits = { timeoutMs: null, deadlineMs: null, idleTimeoutMs: null };
  const patience = new Patience(limits, null, { nowMs: () => START });
  expect(patience.isLimited).toBe(false);
  expect(patience.leavesAtMs()).toBeNull();
  patience.close();
});
