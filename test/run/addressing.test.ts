import { describe, expect, test } from "vitest";
import {
  gatewayOf,
  handoffPathFor,
  hookCallFor,
  messageFor,
} from "../../src/run/sending/addressing.ts";
import { commandAgent, gatewayAgent, sampleConfig, sampleRequest } from "./samples.ts";

const elsewhere = { ...gatewayAgent, agentHandoffDir: "/mnt/handoffs" };

test("a gateway is named by its address, ours as what it is", () => {
  expect(gatewayOf(gatewayAgent)).toEqual({
    kind: "gateway",
    address: "http://127.0.0.1:18789/hooks/agent",
  });
  expect(gatewayOf(commandAgent)).toEqual({ kind: "command" });
});

test.each([
  ["as we see it", gatewayAgent, "/srv/project/handoffs/r1/attempt-2.json"],
  ["as its machine sees it", elsewhere, "/mnt/handoffs/r1/attempt-2.json"],
  ["as we see it, for a command", commandAgent, "/srv/project/handoffs/r1/attempt-2.json"],
])("an agent is told its handoff file %s", (_how, agent, path) => {
  expect(handoffPathFor(agent, sampleConfig, "r1", 2)).toBe(path);
});

describe("the hook call", () => {
  test("of a gateway's agent has its id, its session, its channel and the attempt's key", () => {
    const agent = { ...gatewayAgent, sessionKey: "hook:lead" };
    expect(hookCallFor(sampleRequest, agent, 2, "do it")).toEqual({
      message: "do it",
      agentId: "tech-lead",
      timeoutSeconds: 300,
      idempotencyKey: "r1.2",
      deliver: { channel: "discord", to: "channel:lead" },
      sessionKey: "hook:lead",
    });
  });

  test("names no channel when nothing is to be delivered, nor for a command", () => {
    const quiet = { ...sampleRequest, doesDeliver: false };
    expect(hookCallFor(quiet, gatewayAgent, 1, "").deliver).toBeNull();
    expect(hookCallFor(sampleRequest, commandAgent, 1, "")).toMatchObject({
      agentId: "coder",
      deliver: null,
      sessionKey: null,
    });
  });

  test.each([
    [1, 1],
    [1_500, 2],
    [300_000, 300],
  ])("gives an attempt of %i ms %i whole seconds at the gateway", (timeoutMs, seconds) => {
    const limits = { ...sampleRequest.limits, timeoutMs };
    const call = hookCallFor({ ...sampleRequest, limits }, gatewayAgent, 1, "");
    expect(call.timeoutSeconds).toBe(seconds);
  });
});

describe("the message", () => {
  const failure = { code: "timeout", message: "too late", hint: "wait" } as const;

  test("of a first attempt corrects nothing", () => {
    const message = messageFor(sampleRequest, gatewayAgent, sampleConfig, 1, null);
    expect(message).toContain("attempt 1 of at most 2");
    expect(message).not.toContain("What was wrong");
  });

  test("of a retry says what was wrong, with and without single problems", () => {
    const problems = [{ at: "/status", message: "is missing" }];
    const plain = messageFor(sampleRequest, gatewayAgent, sampleConfig, 2, { attempt: 1, failure });
    expect(plain).toContain("## What was wrong with attempt 1\n\ntoo late\n");
    const detailed = messageFor(sampleRequest, gatewayAgent, sampleConfig, 2, {
      attempt: 1,
      failure: { ...failure, problems },
    });
    expect(detailed).toContain("- /status: is missing\n");
  });

  test.each([
    [
      "a gateway's agent its run and our config",
      gatewayAgent,
      "submit <file> --run-id r1 --config /srv/project/delegate.config.json\n",
    ],
    ["one that sees the folder elsewhere only its run", elsewhere, "submit <file> --run-id r1\n"],
    [
      "a command nothing: it is in its environment",
      { ...commandAgent, handoff: "file" as const },
      "submit <file>\n",
    ],
  ])("of the commands for agents tells %s", (_what, agent, words) => {
    expect(messageFor(sampleRequest, agent, sampleConfig, 1, null)).toContain(words);
  });

  test("tells a command whether it writes the file or prints", () => {
    const printing = messageFor(sampleRequest, commandAgent, sampleConfig, 1, null);
    expect(printing).toContain("## Your printed answer is the deliverable");
    const writing = { ...commandAgent, handoff: "file" as const };
    const message = messageFor(sampleRequest, writing, sampleConfig, 1, null);
    expect(message).toContain("## The file is the deliverable");
  });
});
