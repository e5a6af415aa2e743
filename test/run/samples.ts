import type { CommandAgent, Config, GatewayAgent } from "../../src/config/config.ts";
import type { AttemptSubject } from "../../src/run/failures/failure-subject.ts";
import type { Surroundings } from "../../src/run/decide/ending.ts";
import type { Handoff } from "../../src/handoff/document.ts";
import type { Ask } from "../../src/run/plan.ts";
import type { RunLimits, RunRequest } from "../../src/run/stored/request.ts";

/** The instant at which everything here begins. */
export const START = Date.parse("2026-11-21T12:00:00.000Z");

export const sampleLimits: RunLimits = {
  attempts: 2,
  timeoutMs: 300_000,
  deadlineMs: null,
  idleTimeoutMs: null,
  retryBaseMs: 3_000,
  retryMaxMs: 60_000,
};

export const gatewayAgent: GatewayAgent = {
  kind: "gateway",
  name: "lead",
  mode: "write",
  origin: "http://127.0.0.1:18789",
  hookPath: "/hooks/agent",
  agentId: "tech-lead",
  token: null,
  agentHandoffDir: null,
  deliver: { channel: "discord", to: "channel:lead" },
  sessionKey: null,
  timeoutSeconds: null,
};

export const commandAgent: CommandAgent = {
  kind: "command",
  name: "coder",
  command: ["coder", "-p"],
  handoff: "stdout",
  prompt: "stdin",
  cwd: "/srv/project",
  env: {},
  preset: null,
  mode: "write",
  planCall: null,
  maxOutputBytes: 1_000_000,
  timeoutSeconds: 60,
};

export const sampleConfig: Config = {
  path: "/srv/project/delegate.config.json",
  handoffDir: "/srv/project/handoffs",
  logDir: "/srv/project/logs",
  agents: { lead: gatewayAgent, coder: commandAgent },
  acl: { manager: ["lead"] },
  requireCaller: false,
  maxDepth: 3,
  timeoutSeconds: 300,
  retry: { attempts: 1, baseMs: 3_000, maxMs: 60_000 },
  watch: "notify",
  gateway: { maxConcurrent: 4, idleSeconds: 60 },
  discord: null,
  telegram: null,
  notify: null,
  questions: null,
  flows: { dir: "/srv/project/flows", limits: { steps: 8, agents: {}, groups: {} } },
  store: null,
};

export const sampleAsk: Ask = {
  agent: "lead",
  task: "Review the plan.",
  context: [],
  caller: null,
  parentRunId: null,
  runId: null,
  workflowRunId: null,
  stepId: null,
  attempts: null,
  timeoutMs: null,
  deadlineMs: null,
  idleTimeoutMs: null,
  validation: "strict",
  dataSchema: null,
  doesDeliver: true,
  checksHealth: true,
};

export const sampleRequest: RunRequest = {
  schema: "delegate.request.v1",
  runId: "r1",
  createdAt: "2026-11-21T12:00:00.000Z",
  createdBy: { pid: 7, host: "here", startTicks: null },
  agent: "lead",
  caller: "manager",
  parentRunId: "r0",
  workflowRunId: "w1",
  stepId: "s1",
  task: "Review the plan.\nAll of it.",
  context: [],
  validation: "strict",
  dataSchema: null,
  doesDeliver: true,
  checksHealth: true,
  limits: sampleLimits,
};

/** A run that failures speak of. */
export const subject: AttemptSubject = {
  runId: "r1",
  agent: "lead",
  gateway: { kind: "gateway", address: "http://gw/hooks/agent" },
  limits: { ...sampleLimits, idleTimeoutMs: 1_500, deadlineMs: 60_000 },
};

/** What a decision knows, some milliseconds after the start. */
export function aroundAt(ms: number, limits: Partial<RunLimits> = {}): Surroundings {
  return {
    runId: "r1",
    agent: "lead",
    gateway: { kind: "gateway", address: "http://gw/hooks/agent" },
    limits: { ...sampleLimits, ...limits },
    nowMs: START + ms,
    random: 0,
  };
}

export const completeHandoff: Handoff = {
  schemaVersion: "1.1",
  status: "complete",
  result: "all is well",
  deliverable: { type: "review", summary: "a review" },
  confidence: "high",
  timestamp: "2026-11-21T12:00:05Z",
};
