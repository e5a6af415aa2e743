import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runPaths } from "../../src/handoff/paths.ts";
import { readChain } from "../../src/run/prepare.ts";
import type { RunRequest } from "../../src/run/request.ts";
import { commandAgent, sampleConfig, sampleRequest } from "./samples.ts";

/** A handoff folder with these runs. */
function keep(requests: readonly RunRequest[]): string {
  const handoffDir = mkdtempSync(join(tmpdir(), "delegate-chain-"));
  onTestFinished(() => rmSync(handoffDir, { recursive: true }));
  for (const request of requests) {
    const path = runPaths(handoffDir, request.runId).request;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(request));
  }
  return handoffDir;
}

const reader = { ...commandAgent, name: "reader", mode: "plan" as const };
const agents = { coder: commandAgent, reader };

test.each([
  ["whose config says nothing", "coder", {}, false],
  ["that was asked to only read", "coder", { mode: "plan" as const }, true],
  ["whose config says that it only reads", "reader", {}, true],
  ["that is in the config no more", "gone", {}, false],
])("what is delegated from within a run of an agent %s", (_case, agent, mode, canOnlyRead) => {
  const top = { ...sampleRequest, runId: "top", parentRunId: null, agent, ...mode };
  const below = { ...sampleRequest, runId: "below", parentRunId: "top", agent: "coder" };
  const config = { ...sampleConfig, agents, handoffDir: keep([top, below]) };
  const chain = { agents: [agent, "coder"], canOnlyRead };
  expect(readChain("below", config)).toEqual({ ok: true, value: chain });
});
