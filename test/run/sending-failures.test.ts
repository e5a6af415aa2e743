import { describe, expect, test } from "vitest";
import type { Failure } from "../../src/failure.ts";
import type { AttemptSubject } from "../../src/run/failures/failure-subject.ts";
import * as words from "../../src/run/failures/sending-failures.ts";
import { subject } from "./samples.ts";

const local: AttemptSubject = { ...subject, gateway: { kind: "command" } };

function refusal(about: AttemptSubject, httpStatus: number, reason = "no"): Failure {
  const { code, isRetryable } = { code: "send_failed", isRetryable: false } as const;
  const reply = {
    kind: "refused",
    httpStatus,
    reason,
    code,
    isRetryable,
    retryAfterMs: null,
  } as const;
  return words.refused(about, reply);
}

describe("a user is told what happened at a gateway, and what to do", () => {
  test.each<[Failure, Failure["code"], RegExp, RegExp]>([
    [words.unhealthy(subject, "HTTP 500"), "unreachable", /not healthy: HTTP 500/, /--no-health/],
    [words.notReached(subject, "refused"), "unreachable", /gw.*reached: refused/, /start the/],
    [words.broken(subject, "reset"), "send_failed", /\(reset\), so lead may be/, /wait r1/],
    [words.unanswered(subject, "none"), "send_failed", /\(none\), so lead may be/, /wait r1/],
    [words.gatewayGone(subject, "gone"), "unreachable", /while lead was working: gone/, /again/],
    [words.messageTooLarge(subject, 9, 8), "usage", /is 9 bytes.*at most 8/, /into a file/],
  ])("$code: $message", (failure, code, message, hint) => {
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });

  test("where it is our own one, it is named so, and nobody is sent to look for its address", () => {
    expect(words.notReached(local, "refused")).toEqual({
      code: "unreachable",
      message: "the local gateway of lead can't be reached: refused",
      hint: "delegate gateway status tells how it is; after delegate gateway stop the next delegation starts it anew",
    });
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
    const failure = refusal(subject, status, reason);
    expect(failure.message).toBe(
      `the gateway of lead at http://gw/hooks/agent refused the task: HTTP ${status}, ${reason}`,
    );
    expect(failure.hint).toMatch(hint);
  });

  test.each([
    [413, /into a file/],
    [503, /gateway\.maxConcurrent/],
    [401, /delegate gateway stop/],
    [500, /delegate gateway stop/],
  ])("HTTP %i from our own gateway", (status, hint) => {
    const failure = refusal(local, status);
    expect(failure.message).toMatch(/^the local gateway of lead refused the task: HTTP/);
    expect(failure.hint).toMatch(hint);
  });
});
