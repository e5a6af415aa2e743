import { describe, expect, test } from "vitest";
import type { CommandCall } from "../../src/config/config.ts";
import { agentInMode, canReadOnly, commandInMode } from "../../src/config/read-only.ts";
import { commandAgent, gatewayAgent } from "../run/samples.ts";

const planCall: CommandCall = {
  command: ["coder", "--read-only"],
  handoff: "stdout",
  prompt: "argument",
  env: { ONLY: "read" },
};
const holdable = { ...commandAgent, handoff: "file" as const, planCall };
const reader = { ...holdable, ...planCall, mode: "plan" as const };

describe("an agent that is asked to only read", () => {
  test("runs its read-only call, however it is configured", () => {
    expect(commandInMode(holdable, "plan")).toEqual(reader);
    expect(agentInMode(holdable, "plan")).toEqual(reader);
  });

  test("stays as it is when it only reads anyway", () => {
    expect(agentInMode(reader, "plan")).toBe(reader);
    const remote = { ...gatewayAgent, mode: "plan" as const };
    expect(agentInMode(remote, "plan")).toBe(remote);
  });

  test("is none when nobody can hold it to that", () => {
    expect(agentInMode(commandAgent, "plan")).toBe(null);
    expect(agentInMode(gatewayAgent, "plan")).toBe(null);
  });
});

test("asking for write access lifts nothing", () => {
  expect(agentInMode(reader, "write")).toBe(reader);
  expect(agentInMode(holdable, "write")).toBe(holdable);
  expect(commandInMode(reader, "write")).toBe(reader);
});

test("a flow is told beforehand which agents can only read", () => {
  const agents = { coder: commandAgent, reader, holdable, lead: gatewayAgent };
  const able = [...Object.keys(agents), "nobody", "constructor"].filter((name) =>
    canReadOnly({ agents }, name),
  );
  expect(able).toEqual(["reader", "holdable"]);
});
