import { describe, expect, test } from "vitest";
import { judgeHook } from "../../src/cli/doctor/judge-hook.ts";
import type { HookProbe } from "../../src/cli/doctor/probe.ts";
import type { Exchange } from "../../src/gateway/exchange.ts";

function answered(status: number): Exchange {
  return { kind: "answered", answer: { status, body: "", contentType: "", retryAfter: null } };
}

const well: HookProbe = { health: { kind: "healthy" }, hook: answered(405), token: answered(400) };

/** The doctor's lines on an agent, as a user reads them. */
function lines(probe: Partial<HookProbe>): readonly string[] {
  return judgeHook("agent lead", "http://gw/hooks/agent", { ...well, ...probe }).map(
    ({ verdict, message, hint }) => `${verdict}: ${message}${hint === "" ? "" : ` → ${hint}`}`,
  );
}

test("a gateway that is well has three good lines", () => {
  expect(lines({})).toEqual([
    "ok: http://gw/hooks/agent is reachable and healthy",
    "ok: the hook is on",
    "ok: the token is right",
  ]);
});

describe("the doctor says what is wrong, and what to do", () => {
  test("with a gateway that is not there, and nothing more", () => {
    const health = { kind: "unreachable", reason: "connection refused" } as const;
    expect(lines({ health, hook: null, token: null })).toEqual([
      "fail: http://gw/hooks/agent can't be reached: connection refused → start the gateway, or correct the agent's address in the config",
    ]);
  });

  test("with a gateway that is sick, and whether its hook is on all the same", () => {
    const health = { kind: "sick", isThere: false, reason: "HTTP 500 from /healthz" } as const;
    expect(lines({ health })).toEqual([
      "fail: http://gw/hooks/agent is not healthy: HTTP 500 from /healthz → look at the gateway's log",
      "ok: the hook is on",
      "ok: the token is right",
    ]);
  });

  test.each<[string, Exchange | null, RegExp]>([
    [
      "is off",
      answered(404),
      /^fail: there is no hook.*\(HTTP 404 instead of 405\) → turn hooks on/,
    ],
    ["is a web page", answered(200), /\(HTTP 200 instead of 405\)/],
    [
      "does not answer",
      { kind: "unanswered", reason: "no answer within 4 s" },
      /^fail: its hook can't be looked at: no answer within 4 s → look at the gateway's log/,
    ],
    [
      "fails",
      answered(500),
      /^fail: the gateway failed when .*\(HTTP 500\) → look at the gateway's log/,
    ],
    ["was not asked", null, /looked at: no answer →/],
  ])("with a hook that %s", (_what, hook, says) => {
    expect(lines({ hook })).toEqual([expect.any(String), expect.stringMatching(says)]);
  });

  test.each([401, 403])("with a hook behind something that answers with %i", (status) => {
    expect(lines({ hook: answered(status) }).slice(1)).toEqual([
      expect.stringMatching(/^warn: its hook can't be looked at .*\(HTTP 40\d\) → check what/),
      "ok: the token is right",
    ]);
  });

  test.each<[string, Exchange | null, RegExp]>([
    [
      "that is wrong",
      answered(401),
      /^fail: the gateway does not take the token → set the agent's/,
    ],
    ["that is not allowed", answered(403), /^fail: the gateway does not take the token/],
    ["after too many wrong ones", answered(429), /^warn: .*too many wrong tokens → wait a minute/],
    ["at a server of another kind", answered(200), /^warn: .*HTTP 200 instead of 400/],
    ["when nothing comes back", { kind: "broken", reason: "reset" }, /^warn: .*checked: reset/],
    ["that was not tried", null, /^warn: .*checked: no answer/],
  ])("with a token %s", (_what, token, says) => {
    expect(lines({ token }).at(-1)).toMatch(says);
  });
});
