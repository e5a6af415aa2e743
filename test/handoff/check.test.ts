import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/failure.ts";
import type { Reading } from "../../src/handoff/check.ts";
import { finalReadingOf, readHandoff } from "../../src/handoff/check.ts";
import { anyCharacter } from "../rig/any-text.ts";
import { bytesOf, expecting, handoff } from "./samples.ts";

function read(value: unknown, changes: Parameters<typeof expecting>[0] = {}): Reading {
  return readHandoff(bytesOf(value), expecting(changes));
}

function problemsOf(reading: Reading): readonly string[] {
  return reading.kind === "unfinished" || reading.kind === "rejected"
    ? reading.problems.map(({ at, message }) => `${at}: ${message}`)
    : [];
}

function checkData(data: unknown): readonly Problem[] {
  return data === 1 ? [] : [{ at: "/data", message: "must be one" }];
}

describe("a handoff that is right", () => {
  test("is taken as it is, unknown fields included", () => {
    const written = handoff({ extra: { kept: true }, data: [1], usage: { inputTokens: 3 } });
    expect(read(written)).toEqual({ kind: "handoff", handoff: written });
  });

  test("may begin with a byte order mark", () => {
    expect(read(`\uFEFF${JSON.stringify(handoff())}`).kind).toBe("handoff");
  });

  test.each([
    ["2026-01-31T12:00:00Z"],
    ["2026-01-31t12:00:00.123456z"],
    ["2026-12-01T23:59:60+05:30"],
    ["2026-01-31 12:00:00-00:00"],
  ])("may say its instant as %s", (timestamp) => {
    expect(read(handoff({ timestamp })).kind).toBe("handoff");
  });

  test("needs neither run id nor agent", () => {
    expect(read(handoff({ runId: undefined, agent: undefined })).kind).toBe("handoff");
  });

  test("is not held against a run id and an agent that nobody knows", () => {
    const written = handoff({ runId: "other", agent: "other" });
    expect(read(written, { runId: null, agent: null }).kind).toBe("handoff");
  });

  test("that is not complete needs no deliverable", () => {
    expect(read(handoff({ status: "failed", deliverable: null })).kind).toBe("handoff");
  });

  test("has harmless properties with dangerous names", () => {
    const text = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(handoff()).slice(1)}`;
    for (const validation of ["strict", "basic"] as const) {
      expect(read(text, { validation }).kind).toBe("handoff");
    }
    expect("polluted" in {}).toBe(false);
  });

  test("can't borrow its required fields from __proto__", () => {
    const reading = read(`{"__proto__":${JSON.stringify(handoff())}}`);
    expect(problemsOf(reading)).toContain('/status: the property "status" is missing');
  });
});

describe("a sign of life", () => {
  test("says what there is so far", () => {
    expect(read({ status: "working", result: "half", notes: "on it" })).toEqual({
      kind: "working",
      working: { status: "working", result: "half", notes: "on it" },
    });
  });

  test("needs nothing but its status", () => {
    expect(read({ status: "working", percent: 45.5 })).toEqual({
      kind: "working",
      working: { status: "working", percent: 45.5 },
    });
    for (const percent of [-1, 101, "45", null])
      expect(read({ status: "working", percent })).toMatchObject({
        working: { status: "working" },
      });
    expect(read({ status: "working", result: 5, notes: null, percent: 200 })).toEqual({
      kind: "working",
      working: { status: "working" },
    });
  });
});

describe("a file that may still become a handoff", () => {
  test.each([
    ["", "the file is empty"],
    [" \n\t", "the file is empty"],
    ['{"status": "comp', "not valid JSON: line 1, column 12: a string that is not closed"],
    ['{\n  "status": "complete",\n', "line 3, column 1: the file ends too early"],
    ['{"a": 1} x', "line 1, column 10: something behind the end of the document"],
    ["{'a': 1}", "a single quote, where JSON wants double quotes"],
    ["null", "the file holds null; a handoff is one JSON object"],
    ["12", "the file holds a number"],
    ["true", "the file holds a boolean"],
    ['```json\n{"status": "complete"}\n```', "wrapped in a Markdown fence"],
    ["Here is the handoff:\n{}", "the file must hold one JSON object and no text around it"],
  ])("%j: says why in case it stays so", (text, reason) => {
    const reading = read(text);
    expect(reading.kind).toBe("unfinished");
    expect(problemsOf(reading).join("\n")).toContain(reason);
    expect(finalReadingOf(reading)).toMatchObject({ kind: "rejected", code: "malformed" });
  });

  test("ends in the middle of a character", () => {
    const whole = bytesOf(handoff({ result: "ä" }));
    const cut = whole.subarray(0, whole.indexOf(0xc3) + 1);
    const reading = readHandoff(cut, expecting());
    expect(reading.kind).toBe("unfinished");
    expect(problemsOf(reading)).toEqual([": the file is not valid UTF-8; write it in UTF-8"]);
  });

  test("is long, and then the parser's own words say why", () => {
    const reading = read(`{"a": "${"x".repeat(5_000_000)}`);
    expect(problemsOf(reading)[0]).toContain("Unterminated string");
  });
});

describe("a file that no more bytes can mend", () => {
  test.each([
    ["UTF-16 with a mark", Buffer.from(`\uFEFF${JSON.stringify(handoff())}`, "utf16le")],
    ["UTF-16 without a mark", Buffer.from(JSON.stringify(handoff()), "utf16le")],
    ["UTF-16, big end first", Buffer.from("\uFEFF{}", "utf16le").swap16()],
  ])("%s", (_name, bytes) => {
    expect(readHandoff(bytes, expecting())).toEqual({
      kind: "rejected",
      code: "malformed",
      problems: [{ at: "", message: "the file is written in UTF-16; write it in UTF-8" }],
    });
  });

  test.each([
    ["arrays", "[".repeat(200_000)],
    ["objects", '{"a":'.repeat(200_000)],
    ["whole", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
    ["just too deep", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`],
  ])("nested too deep: %s", (_name, text) => {
    const reading = read(text);
    expect(reading.kind).toBe("rejected");
    expect(problemsOf(reading)[0]).toContain("more than 64 levels deep");
  });

  test("is not nested too deep by brackets in a text", () => {
    const result = `${'"\\'.repeat(10)}${"[{".repeat(1_000)}`;
    expect(read(handoff({ result })).kind).toBe("handoff");
  });

  test("may be nested 64 levels deep", () => {
    const data: unknown = JSON.parse(`${"[".repeat(63)}${"]".repeat(63)}`);
    expect(read(handoff({ data })).kind).toBe("handoff");
  });

  test.each([
    ["[]", "an array"],
    ['"done"', "a string"],
  ])("%s where an object must be", (text, kind) => {
    expect(problemsOf(read(text))).toEqual([
      `: the file holds ${kind}; a handoff is one JSON object`,
    ]);
    expect(read(text).kind).toBe("rejected");
  });
});

describe("a handoff with mistakes", () => {
  test("is told all of them at once, each with its place", () => {
    const reading = read({
      schemaVersion: "2.0",
      runId: "run-2",
      agent: "tester",
      status: "complet",
      result: " ",
      deliverable: { type: "prose", path: 5 },
      confidence: 0.9,
      artifacts: "none",
    });
    expect(reading).toMatchObject({ kind: "rejected", code: "invalid" });
    expect([...problemsOf(reading)].sort()).toEqual([
      '/agent: must be "coder", as the message says',
      "/artifacts: must be an array, not a text",
      '/confidence: must be one of "high", "medium", "low", not 0.9',
      "/deliverable/path: must be a text or null, not the number 5",
      '/deliverable/summary: the property "summary" is missing',
      '/deliverable/type: must be one of "document", "code", "analysis", "recommendation", "review", "data", not "prose"',
      "/result: must not be empty",
      '/runId: must be "run-1", as the message says',
      '/schemaVersion: must be a version such as "1.1", not "2.0"',
      '/status: must be one of "complete", "partial", "blocked", "failed", not "complet"; did you mean "complete"?',
      '/timestamp: the property "timestamp" is missing',
    ]);
  });

  test.each([[undefined], [null]])("a complete one with the deliverable %s", (deliverable) => {
    const problems = problemsOf(read(handoff({ deliverable })));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^\/deliverable: /);
  });

  test.each([["yesterday"], ["2026-01-31"], ["2026-01-31T12:00:00"], ["2026-13-31T12:00:00Z"]])(
    "the instant %s",
    (timestamp) => {
      expect(problemsOf(read(handoff({ timestamp })))).toEqual([
        `/timestamp: must be an instant with its time zone, such as 2026-01-31T12:00:00Z, not "${timestamp}"`,
      ]);
    },
  );

  test("a doubtful part that does not say what is missing", () => {
    const doubtful = { status: "partial", confidence: "low", notes: " " };
    expect(problemsOf(read(handoff(doubtful)))).toEqual([
      '/notes: must say what is missing, with "partial" and "low"',
    ]);
    expect(read(handoff({ ...doubtful, notes: "the second half" })).kind).toBe("handoff");
  });

  test("a blocked one that does not say what it needs", () => {
    const blocked = { status: "blocked", notes: null };
    expect(problemsOf(read(handoff({ ...blocked, questions: [] })))[0]).toMatch(/^\/questions: /);
    expect(read(handoff({ ...blocked, questions: [{ text: "which?" }] })).kind).toBe("handoff");
    expect(read(handoff({ ...blocked, notes: "the password" })).kind).toBe("handoff");
  });

  test("two questions with one id", () => {
    const questions = [
      { id: "a", text: "1?" },
      { id: "b", text: "2?" },
      { text: "3?" },
      { id: "a", text: "4?", options: ["yes", "no"] },
    ];
    expect(problemsOf(read(handoff({ status: "blocked", questions })))).toEqual([
      "/questions/3/id: another question has the same id",
    ]);
  });

  test("questions that are none", () => {
    const questions = [null, { id: 5, text: "" }];
    expect([...problemsOf(read(handoff({ questions })))].sort()).toEqual([
      "/questions/0: must be an object, not null",
      "/questions/1/id: must be a text, not the number 5",
      "/questions/1/text: must not be empty",
    ]);
  });

  test("a million mistakes of one kind are not told a million times", () => {
    const questions = Array.from({ length: 50_000 }, () => 0);
    const problems = problemsOf(read(handoff({ questions })));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toMatch(/^: and \d+ more problems$/);
  });

  test("what the agent wrote can't steer a terminal", () => {
    const problems = problemsOf(read(handoff({ status: "\u001b[2J\u009b\u202e" })));
    // oxlint-disable-next-line no-control-regex
    expect(problems.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("without validation", () => {
  const validation = "basic";

  test("status and result are enough", () => {
    const written = { status: "complete", result: "x" };
    expect(read(written, { validation })).toEqual({ kind: "handoff", handoff: written });
  });

  test("status and result are needed", () => {
    expect([...problemsOf(read({ result: "" }, { validation }))].sort()).toEqual([
      "/result: must not be empty",
      '/status: the property "status" is missing',
    ]);
  });

  test("it must still be this run's", () => {
    expect(read(handoff({ runId: "run-2" }), { validation }).kind).toBe("rejected");
    expect(read(handoff({ agent: "tester" }), { validation }).kind).toBe("handoff");
  });

  test("fields of another type are left out, other oddities stay", () => {
    const written = {
      status: "complete",
      result: "x",
      timestamp: "yesterday",
      confidence: "very",
      questions: [{ text: 5 }],
      deliverable: { type: "code" },
      mine: true,
    };
    expect(read(written, { validation })).toEqual({
      kind: "handoff",
      handoff: { status: "complete", result: "x", timestamp: "yesterday", mine: true },
    });
  });
});

describe("the caller's check of data", () => {
  test.each([["strict"], ["basic"]] as const)("is asked, %s", (validation) => {
    const given = { checkData, validation };
    expect(read(handoff({ data: 1 }), given).kind).toBe("handoff");
    expect(problemsOf(read(handoff({ data: 2 }), given))).toEqual(["/data: must be one"]);
    expect(problemsOf(read(handoff(), given))).toEqual([
      '/data: the property "data" is missing; the task asks for it',
    ]);
  });

  test("is not asked when there is no result", () => {
    expect(read(handoff({ status: "failed" }), { checkData }).kind).toBe("handoff");
  });
});

describe("whatever the bytes are", () => {
  test("there is a verdict", () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(bytesOf),
      fc.string({ unit: anyCharacter }).map(bytesOf),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom("strict", "basic"), (bytes, validation) => {
        const reading = readHandoff(bytes, expecting({ validation }));
        expect(["unfinished", "working", "handoff", "rejected"]).toContain(reading.kind);
      }),
    );
  });

  test("a mistaken field is never accepted in silence, and never throws", () => {
    const fields = Object.keys(handoff()).concat("data", "usage", "questions");
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const reading = read(handoff({ [field]: value }));
        if (reading.kind === "rejected") expect(reading.problems).not.toHaveLength(0);
      }),
    );
  });

  test("the beginning of a handoff is unfinished, never wrong", () => {
    const whole = bytesOf(handoff({ result: 'äöü\n"quoted" 🙂' }));
    for (let length = 0; length < whole.length; length += 1) {
      expect(readHandoff(whole.subarray(0, length), expecting()).kind).toBe("unfinished");
    }
  });
});
