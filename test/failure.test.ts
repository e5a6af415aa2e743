import { expect, test } from "vitest";
import type { FailureCode } from "../src/failure.ts";
import { exitCodeOf, failure, failureKinds, success } from "../src/failure.ts";

/** The table that users read; scripts rely on it. */
const documented: Readonly<Record<FailureCode, number>> = {
  agent_failed: 1,
  usage: 2,
  config_invalid: 2,
  agent_unknown: 2,
  run_unknown: 2,
  run_conflict: 2,
  timeout: 3,
  still_running: 3,
  acl_denied: 4,
  malformed: 5,
  invalid: 5,
  no_handoff: 5,
  unreachable: 6,
  unauthorized: 6,
  send_failed: 6,
  agent_blocked: 7,
  canceled: 9,
  internal: 70,
  storage_failed: 74,
  interrupted: 130,
  terminated: 143,
};

test("every failure exits with its documented code", () => {
  const codes = Object.entries(failureKinds).map(([code, { exit }]) => [code, exit]);
  expect(Object.fromEntries(codes)).toEqual(documented);
});

test("no failure is exit code 0, and success is", () => {
  expect(exitCodeOf(null)).toBe(0);
  expect(exitCodeOf({ code: "acl_denied", message: "no", hint: "ask" })).toBe(4);
});

test("what the caller has to change is never called retryable", () => {
  const fatal = ["usage", "config_invalid", "agent_unknown", "acl_denied", "unauthorized"] as const;
  for (const code of [...fatal, "agent_blocked"] as const) {
    expect(failureKinds[code].isRetryable, code).toBe(false);
  }
});

test("a result is a value or the reason why there is none", () => {
  expect(success(7)).toEqual({ ok: true, value: 7 });
  expect(failure("why")).toEqual({ ok: false, failure: "why" });
});
