import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HookCall, HttpAnswer } from "../../src/gateway/hook.ts";
import { buildHookPayload, interpretReply, parseRetryAfterMs } from "../../src/gateway/hook.ts";

const call: HookCall = {
  message: "do it",
  agentId: "lead",
  timeoutSeconds: 300,
  idempotencyKey: "run.1",
  deliver: null,
  sessionKey: null,
};

describe("the payload", () => {
  test("of a call that is not delivered names no channel and no session", () => {
    expect(buildHookPayload(call, false)).toEqual({
      message: "do it",
      name: "delegate",
      agentId: "lead",
      deliver: false,
      wakeMode: "next-heartbeat",
      timeoutSeconds: 300,
      waitForCompletion: false,
      idempotencyKey: "run.1",
    });
  });

  test("of a delivered call names the channel, and the session when one is configured", () => {
    const deliver = { channel: "discord", to: "channel:lead" };
    expect(buildHookPayload({ ...call, deliver, sessionKey: "hook:x" }, true)).toMatchObject({
      deliver: true,
      ...deliver,
      sessionKey: "hook:x",
      waitForCompletion: true,
    });
  });
});

const NOW = Date.parse("2026-11-21T12:00:00Z");

function answer(status: number, body: unknown, more: Partial<HttpAnswer> = {}): HttpAnswer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, body: text, contentType: "", retryAfter: null, ...more };
}

describe("a gateway has the task", () => {
  test("when it says ok with HTTP 200, and knows the key if the task comes again", () => {
    expect(interpretReply(answer(200, { ok: true, runId: "gw-1" }), NOW)).toEqual({
      kind: "admitted",
      gatewayRunId: "gw-1",
      isIdempotent: true,
      agentEnd: null,
    });
  });

  test("when an old one says ok with HTTP 202, which knows no keys", () => {
    expect(interpretReply(answer(202, { ok: true }), NOW)).toEqual({
      kind: "admitted",
      gatewayRunId: null,
      isIdempotent: false,
      agentEnd: null,
    });
  });

  test.each([
    [{ status: "ok" }, { completion: "ok" }],
    [{ status: "error" }, { completion: "error" }],
    [{ status: "skipped", handoffError: 5 }, { completion: "skipped" }],
    [
      { status: "error", handoffError: "no space\nleft" },
      { completion: "error", handoffError: "no space left" },
    ],
    [{ status: "odd" }, null],
    ["ok", null],
    [null, null],
  ])("and its completion %j means %j", (completion, expected) => {
    const reply = interpretReply(answer(200, { ok: true, completion }), NOW);
    expect(reply).toMatchObject({ kind: "admitted", agentEnd: expected });
  });
});

describe("a gateway refuses", () => {
  test.each([
    ["{ok, error}", answer(400, { ok: false, error: "message  required\n" }), "message required"],
    ["{error: {message}}", answer(503, { error: { message: "restarting" } }), "restarting"],
    ["plain text", answer(401, "Unauthorized\n"), "Unauthorized"],
    ["nothing", answer(502, ""), "an empty answer"],
    ["an empty 204", answer(204, ""), "an empty answer"],
    ["HTML by its type", answer(404, "oops", { contentType: "text/html" }), "an HTML page"],
    ["HTML by its looks", answer(200, "\n<!doctype html>"), "an HTML page"],
    ["a redirect", answer(302, { ok: true }), "a redirect, which is never followed"],
    ["the first kind of redirect", answer(300, "x"), "a redirect, which is never followed"],
    ["ok: false with 200", answer(200, { ok: false }), 'JSON without "ok": true'],
    ["JSON of another server", answer(200, { status: "up" }), 'JSON without "ok": true'],
    ["JSON that says nothing", answer(500, { error: { code: 7 } }), "no reason given"],
    ["a JSON list", answer(200, "[1]"), "[1]"],
    ["a text of 300 letters", answer(500, "x".repeat(300)), "x".repeat(300)],
    ["a long text", answer(500, "x".repeat(400)), `${"x".repeat(299)}…`],
  ])("with %s", (_shape, given, reason) => {
    expect(interpretReply(given, NOW)).toMatchObject({ kind: "refused", reason });
  });

  test.each([
    { status: 400, code: "send_failed", isRetryable: false },
    { status: 401, code: "unauthorized", isRetryable: false },
    { status: 403, code: "unauthorized", isRetryable: false },
    { status: 404, code: "send_failed", isRetryable: false },
    { status: 405, code: "send_failed", isRetryable: false },
    { status: 408, code: "send_failed", isRetryable: true },
    { status: 409, code: "send_failed", isRetryable: true },
    { status: 413, code: "send_failed", isRetryable: false },
    { status: 429, code: "send_failed", isRetryable: true },
    { status: 500, code: "send_failed", isRetryable: true },
    { status: 502, code: "send_failed", isRetryable: true },
    { status: 503, code: "send_failed", isRetryable: true },
    { status: 504, code: "send_failed", isRetryable: true },
  ])("with HTTP $status: $code, retryable: $isRetryable", ({ status, code, isRetryable }) => {
    const reply = interpretReply(answer(status, "no"), NOW);
    expect(reply).toMatchObject({ kind: "refused", httpStatus: status, code, isRetryable });
  });

  test("for a while, when it says for how long", () => {
    expect(interpretReply(answer(429, "slow down", { retryAfter: "60" }), NOW)).toMatchObject({
      retryAfterMs: 60_000,
    });
    expect(interpretReply(answer(400, "no", { retryAfter: "60" }), NOW)).toMatchObject({
      retryAfterMs: null,
    });
  });

  test("or admits, whatever it answers: nothing breaks us", () => {
    const anyAnswer = fc.record({
      status: fc.integer({ min: 100, max: 599 }),
      body: fc.oneof(fc.string(), fc.json()),
      contentType: fc.string(),
      retryAfter: fc.option(fc.oneof(fc.string(), fc.nat().map(String))),
    });
    fc.assert(
      fc.property(anyAnswer, (given) => {
        const reply = interpretReply(given, NOW);
        if (reply.kind === "refused") expect(reply.reason).toMatch(/^\S.{0,299}$/su);
        else expect([200, 202]).toContain(given.status);
      }),
    );
  });
});

describe("Retry-After", () => {
  test.each([
    [null, null],
    ["0", 0],
    [" 120 ", 120_000],
    ["Sat, 21 Nov 2026 12:01:00 GMT", 60_000],
    ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
    ["soon", null],
    ["9".repeat(400), 86_400_000],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000],
  ])("%j is %j ms", (header, ms) => {
    expect(parseRetryAfterMs(header, NOW)).toBe(ms);
  });
});
