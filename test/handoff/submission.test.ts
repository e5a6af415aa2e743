import { describe, expect, test } from "vitest";
import { MAX_HANDOFF_BYTES } from "../../src/handoff/document.ts";
import { judgeSubmission } from "../../src/handoff/submission.ts";
import type { Submission } from "../../src/handoff/submission.ts";
import { bytesOf, expecting, handoff } from "./samples.ts";

const known = { runId: "run-1", agent: "coder", timestamp: "2026-11-21T12:00:00.000Z" };

function judge(bytes: Uint8Array): Submission {
  return judgeSubmission(bytes, known, expecting());
}

describe("a document that an agent hands over", () => {
  test("gets the run's own fields where it has none", () => {
    const { runId: _runId, agent: _agent, timestamp: _timestamp, ...short } = handoff();
    const submission = judge(bytesOf(short));
    expect(submission).toMatchObject({ kind: "ready", handoff: { ...short, ...known } });
    expect(submission.kind === "ready" && JSON.parse(submission.text)).toEqual({
      ...known,
      ...short,
    });
  });

  test("keeps what it says itself, and all that nobody knows", () => {
    const own = { ...handoff(), timestamp: "2026-01-01T00:00:00Z", mood: "good" };
    const submission = judge(bytesOf(own));
    expect(submission).toMatchObject({ kind: "ready", handoff: own });
  });

  test("is told all that is wrong with it", () => {
    const submission = judge(bytesOf({ status: "done", runId: "run-2" }));
    expect(submission.kind).toBe("wrong");
    const places = submission.kind === "wrong" ? submission.problems.map(({ at }) => at) : [];
    expect(places).toEqual(
      expect.arrayContaining(["/schemaVersion", "/status", "/result", "/confidence", "/runId"]),
    );
  });

  test.each([
    ["a sign of life", { status: "working", notes: "half" }, /delegate handoff progress/],
    ["half a document", "{", /not valid JSON/],
    ["a list", [], /holds an array/],
  ])("must not be %s", (_what, value, message) => {
    expect(judge(bytesOf(value))).toEqual({
      kind: "wrong",
      problems: [{ at: expect.any(String), message: expect.stringMatching(message) }],
    });
  });

  test("must not be too large, nor become so", () => {
    const problem = { at: "", message: expect.stringContaining("larger than 16 MiB") };
    const wrong = { kind: "wrong", problems: [problem] };
    expect(judge(new Uint8Array(MAX_HANDOFF_BYTES + 1))).toEqual(wrong);
    const room = MAX_HANDOFF_BYTES - JSON.stringify({ status: "complete", result: "" }).length;
    const fits = { status: "complete", result: "x".repeat(room) };
    expect(judge(bytesOf(fits))).toEqual(wrong);
  });
});
