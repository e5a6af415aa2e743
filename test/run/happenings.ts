import { START } from "./samples.ts";

export const started = { type: "attempt_started", attempt: 1 } as const;

export const sending = {
  type: "attempt_sending",
  attempt: 1,
  idempotencyKey: "r1.1",
  bodyBytes: 9,
} as const;

export const admitted = {
  type: "attempt_admitted",
  attempt: 1,
  gatewayRunId: null,
  isIdempotent: true,
} as const;

export const resting = {
  type: "retry_scheduled",
  attempt: 2,
  dueAt: new Date(START + 9_000).toISOString(),
} as const;

export const blocked = {
  type: "handoff_accepted",
  attempt: 1,
  status: "blocked",
  isLate: false,
} as const;

export const timedOut = {
  type: "run_ended",
  status: "timeout",
  code: "timeout",
  attempts: 1,
  latencyMs: 1,
  failure: null,
} as const;
