import { describe, expect, test } from "vitest";
import type { LeaveReason } from "../../src/events/event.ts";
import type { Failure } from "../../src/failure.ts";
import * as words from "../../src/run/failures.ts";
import { completeHandoff, sampleLimits } from "./samples.ts";

const subject: words.RunSubject = {
  runId: "r1",
  agent: "lead",
  gatewayName: "the gateway at http://gw/hooks/agent",
  limits: { ...sampleLimits, idleTimeoutMs: 1_500, deadlineMs: 60_000 },
};

function refusal(httpStatus: number, reason = "no"): Failure {
  const { code, isRetryable } = { code: "send_failed", isRetryable: false } as const;
  return words.refused(subject, {
    kind: "refused",
    httpStatus,
    reason,
    code,
    isRetryable,
    retryAfterMs: null,
  });
}

describe("a user is told what happened and what to do", () => {
  test.each<[Failure, Failure["code"], RegExp, RegExp]>([
    [words.timedOut(subject), "timeout", /nothing over within 300 s/, /delegate wait r1/],
    [words.idle(subject), "timeout", /no sign of life for 1.5 s/, /--idle-timeout/],
    [words.deadlinePassed(subject), "timeout", /deadline of 60 s/, /--deadline/],
    [words.noHandoff(subject, "ok"), "no_handoff", /run ended \(ok\) without/, /may write into/],
    [words.unhealthy(subject, "HTTP 500"), "unreachable", /not healthy: HTTP 500/, /--no-health/],
    [words.notReached(subject, "refused"), "unreachable", /gw.*reached: refused/, /start the/],
    [words.broken(subject, "reset"), "send_failed", /\(reset\), so lead may be/, /wait r1/],
    [words.gatewayGone(subject, "gone"), "unreachable", /while lead was working: gone/, /again/],
    [words.folderGone(subject), "storage_failed", /folder of run r1 was deleted/, /don't clean/],
    [words.handoffGone(subject), "storage_failed", /nor its copy can be read/, /another run id/],
    [words.messageTooLarge(subject, 9, 8), "usage", /is 9 bytes.*at most 8/, /into a file/],
    [
      words.agentFailed(subject, { ...completeHandoff, result: "no\n plan" }),
      "agent_failed",
      /says that it failed: no plan$/,
      /--retries/,
    ],
    [
      words.blocked(subject, { ...completeHandoff, result: "which one?" }),
      "agent_blocked",
      /asks: which one\?$/,
      /--context/,
    ],
  ])("$code: $message", (failure, code, message, hint) => {
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });

  test("with limits that are not set, no number is made up", () => {
    const bare = { ...subject, limits: sampleLimits };
    expect(words.idle(bare).message).toContain("0 s");
    expect(words.deadlinePassed(bare).message).toContain("0 s");
  });

  test("and what an agent says at length is cut", () => {
    const { message } = words.agentFailed(subject, { ...completeHandoff, result: "x".repeat(999) });
    expect(message).toBe(`lead says that it failed: ${"x".repeat(199)}…`);
  });
});

describe("a rejected handoff", () => {
  test.each([
    [[], "lead's handoff is malformed: it can't be read"],
    [[{ at: "", message: "is no JSON" }], "lead's handoff is malformed: is no JSON"],
    [[{ at: "/a", message: "is odd" }], "lead's handoff is malformed: /a: is odd"],
    [
      [
        { at: "/a", message: "is odd" },
        { at: "/b", message: "is missing" },
      ],
      "lead's handoff is malformed: /a: is odd (and 1 more)",
    ],
  ])("names its first problem and how many more there are (%#)", (problems, message) => {
    expect(words.rejected(subject, "malformed", problems)).toMatchObject({ message, problems });
  });

  test("is told apart from one that can be read but is wrong", () => {
    expect(words.rejected(subject, "invalid", []).message).toContain("is invalid");
  });
});

describe("a refusal says what to change", () => {
  test.each([
    [401, "Unauthorized", /token/],
    [403, "no", /token/],
    [404, "Not Found", /hookPath/],
    [405, "no", /hookPath/],
    [413, "payload too large", /into a file/],
    [400, "sessionKey is disabled", /drop sessionKey/],
    [400, 'unknown agentId "ghost"', /hooks.allowedAgentIds/],
    [400, "channel must be last", /--no-deliver/],
    [429, "slow down", /busy/],
    [503, "busy", /busy/],
    [302, "a redirect", /redirects/],
    [500, "oops", /doctor/],
    [200, "no ok", /doctor/],
  ])("HTTP %i, %s", (status, reason, hint) => {
    const failure = refusal(status, reason);
    expect(failure.message).toContain(`refused the task for lead: HTTP ${status}, ${reason}`);
    expect(failure.hint).toMatch(hint);
  });
});

test.each<[LeaveReason, Failure["code"]]>([
  ["not_waiting", "interrupted"],
  ["interrupted", "interrupted"],
  ["terminated", "terminated"],
  ["wait_over", "still_running"],
  ["aborted", "interrupted"],
])("who leaves (%s) is told that the run goes on", (reason, code) => {
  const failure = words.left(subject, reason);
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(/lead goes on with run r1$/);
  expect(failure.hint).toBe("get the result with: delegate wait r1");
});
