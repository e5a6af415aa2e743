import { describe, expect, test } from "vitest";
import type { Failure } from "../../src/failure.ts";
import * as words from "../../src/run/failures/attempt-failures.ts";
import { completeHandoff, sampleLimits, subject } from "./samples.ts";

describe("a user is told what an agent did not do, and what to do", () => {
  test.each<[Failure, Failure["code"], RegExp, RegExp]>([
    [words.timedOut(subject), "timeout", /nothing over within 300 s$/, /delegate wait r1/],
    [words.idle(subject), "timeout", /no sign of life for 1.5 s/, /--idle-timeout/],
    [words.deadlinePassed(subject, true), "timeout", /deadline of 60 s/, /wait r1.*--deadline/],
    [words.deadlinePassed(subject, false), "timeout", /deadline of 60 s/, /^give more.*--deadline/],
    [
      words.noHandoff(subject, { completion: "ok" }),
      "no_handoff",
      /run ended \(ok\) without/,
      /may write into/,
    ],
    [
      words.noHandoff(subject, { completion: "error", handoffError: "no space left on the disk" }),
      "storage_failed",
      /^lead has finished, but its handoff could not be written: no space left on the disk$/,
      /make room, and delegate again$/,
    ],
    [
      words.agentFailed(subject, { ...completeHandoff, result: "no\n plan" }),
      "agent_failed",
      /says that it failed: no plan$/,
      /--retries/,
    ],
  ])("$code: $message", (failure, code, message, hint) => {
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });

  test("a command whose time is over is ended by our own gateway: nothing is promised of it", () => {
    expect(words.timedOut({ ...subject, gateway: { kind: "command" } })).toEqual({
      code: "timeout",
      message: "lead handed nothing over within 300 s, and its command is ended",
      hint: "give more time with --timeout, or a smaller task",
    });
  });

  test("with limits that are not set, no number is made up", () => {
    const bare = { ...subject, limits: sampleLimits };
    expect(words.idle(bare).message).toContain("0 s");
    expect(words.deadlinePassed(bare, true).message).toContain("0 s");
  });

  test.each([
    [1, "let it try again with --retries 2 or 3; delegate show"],
    [2, "let it try again with --retries 3; delegate show"],
    [3, "delegate show"],
  ])("after %d attempts only more of them are a hint", (attempts, hint) => {
    const limited = { ...subject, limits: { ...subject.limits, attempts } };
    expect(words.agentFailed(limited, completeHandoff).hint.startsWith(hint)).toBe(true);
  });

  test("where our own gateway knows what is wrong, that is the hint", () => {
    const handoff = {
      ...completeHandoff,
      result: "command not found: x",
      commandProblem: "not_found",
    };
    const own = { ...subject, gateway: { kind: "command" } } as const;
    expect(words.agentFailed(own, handoff).hint).toMatch(/^install it, .*"agents\.lead\.command"/);
    expect(words.agentFailed(subject, handoff).hint).toMatch(/--retries/);
    for (const commandProblem of ["toString", "run this", { not_found: 1 }, null])
      expect(words.agentFailed(own, { ...handoff, commandProblem }).hint).toMatch(/--retries/);
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
