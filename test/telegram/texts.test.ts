import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FailureCode, OutcomeStatus } from "../../src/failure.ts";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { describeReport } from "../../src/telegram/answer-wording.ts";
import { classifyBotError } from "../../src/telegram/bot-fault.ts";
import { countDeaths } from "../../src/telegram/driver-fate.ts";
import { driverWords } from "../../src/telegram/driver-words.ts";
import { escapeLine, escapeToFit, plainStart } from "../../src/telegram/html.ts";
import { crashText, outcomeText } from "../../src/telegram/outcome-text.ts";
import { applyToStatus, newRunStatus } from "../../src/telegram/run-status.ts";
import type { RunEnding, RunStatus } from "../../src/telegram/run-status.ts";
import { isTicking, statusText } from "../../src/telegram/status-text.ts";
import { anyCharacter } from "../rig/any-text.ts";
import {
  RUN,
  START,
  admittedOf,
  completed,
  created,
  eventsOf,
  failedOf,
  sendingOf,
} from "./samples.ts";

function fold(events: readonly RunEvent[]): RunStatus {
  return events.reduce(applyToStatus, newRunStatus(RUN));
}

function shown(happenings: readonly (readonly [number, RunHappening])[], atSecond: number): string {
  return statusText(fold(eventsOf(happenings)), START + atSecond * 1_000).split("\n")[0] ?? "";
}

const opened: Extract<RunEvent, { type: "question_opened" }> = {
  seq: 9,
  at: new Date(START).toISOString(),
  runId: RUN,
  type: "question_opened",
  questionId: `${RUN}.q1`,
  attempt: 1,
  text: "Which <database>?",
  options: [],
  freeText: true,
  askedBy: "tech-lead",
};

describe("the status message", () => {
  test("says what the run does at each phase", () => {
    const first = [
      [0, created],
      [0, { type: "attempt_started", attempt: 1 }],
    ] as const;
    const sent = [...first, [0, sendingOf(1)], [1, admittedOf(1)]] as const;
    const failed = [...sent, [300, failedOf(1)]] as const;
    const due = new Date(START + 312_000).toISOString();
    const resting = [
      ...failed,
      [300, { type: "retry_scheduled", attempt: 2, dueAt: due }],
    ] as const;
    const again = [
      ...resting,
      [312, { type: "attempt_started", attempt: 2 }],
      [312, sendingOf(2)],
      [313, admittedOf(2)],
    ] as const;
    expect([
      shown([[0, created]], 0),
      shown(first, 0),
      shown([...first, [0, sendingOf(1)]], 0),
      shown(sent, 21),
      shown(
        [...sent, [30, { type: "agent_working", attempt: 1, text: "Reading", percent: null }]],
        41,
      ),
      shown(failed, 300),
      shown(resting, 304),
      shown(resting, 320),
      shown(again, 353),
      shown([...again, [360, completed]], 360),
    ]).toEqual([
      "🔧 tech-lead: starting …",
      "🔧 tech-lead: attempt 1 of 3, starting …",
      "🔧 tech-lead: attempt 1 of 3, sending …",
      "🔧 tech-lead: attempt 1 of 3, waiting 20 s …",
      "🔧 tech-lead: attempt 1 of 3, working 40 s …",
      "🔧 tech-lead: attempt 1 of 3, trying again …",
      "🔧 tech-lead: attempt 2 of 3, trying again in 8 s …",
      "🔧 tech-lead: attempt 2 of 3, trying again …",
      "🔧 tech-lead: attempt 2 of 3, waiting 40 s …",
      "✅ tech-lead: complete after 1 attempt, 1 min 12 s",
    ]);
  });

  test("shows the agent's last words and how far it is", () => {
    const working: RunHappening & { percent: number } = {
      type: "agent_working",
      attempt: 1,
      text: "Reading a < b & c",
      percent: 42.3,
    };
    const text = statusText(
      fold(
        eventsOf([
          [0, created],
          [1, working],
        ]),
      ),
      START + 3_000,
    );
    expect(text).toContain("working 42 %, 2 s …");
    expect(text).toContain("“Reading a &lt; b &amp; c”");
    expect(text).toContain("<i>Review the plan.</i>");
    expect(text).toContain(`<code>${RUN}</code>`);
  });

  test("tells that the agent asks, until the question is answered or skipped", () => {
    const before = fold(
      eventsOf([
        [0, created],
        [0, sendingOf(1)],
        [1, admittedOf(1)],
      ]),
    );
    const asking = applyToStatus(before, opened);
    expect(statusText(asking, START)).toContain(
      "❓ tech-lead: attempt 1 of 3, asks and waits for an answer",
    );
    expect(statusText(asking, START)).toContain("“Which &lt;database&gt;?”");
    expect(isTicking(asking)).toBe(false);
    const { seq, at, runId, questionId } = opened;
    const closed = { seq, at, runId, questionId, by: "@anna" };
    const answer = { answer: "SQLite", channel: "telegram", onProposalOf: null } as const;
    expect(applyToStatus(asking, { ...closed, ...answer, type: "question_answered" })).toEqual(
      before,
    );
    expect(applyToStatus(asking, { ...closed, type: "question_skipped" })).toEqual(before);
    expect(applyToStatus(asking, opened)).toEqual(asking);
  });

  test('counts an attempt that was not planned without an "of"', () => {
    expect(
      shown(
        [
          [0, { ...created, attemptsInAll: 1 }],
          [0, sendingOf(1)],
        ],
        0,
      ),
    ).toContain("lead: attempt 1, sending");
    expect(
      shown(
        [
          [0, { ...created, attemptsInAll: 2 }],
          [0, sendingOf(3)],
        ],
        0,
      ),
    ).toContain("lead: attempt 3, sending");
  });

  test("says when nobody waits any more, and when somebody does again", () => {
    const left = fold(
      eventsOf([
        [0, created],
        [0, admittedOf(1)],
        [1, { type: "driver_left", generation: 1, reason: "not_waiting" }],
      ]),
    );
    expect(statusText(left, START)).toContain("Nobody waits for it now");
    const back = applyToStatus(left, {
      seq: 4,
      at: new Date(START).toISOString(),
      runId: RUN,
      type: "driver_took_over",
      generation: 2,
    });
    expect(statusText(back, START)).not.toContain("Nobody waits");
    expect(statusText(applyToStatus(left, opened), START)).toContain(
      "Nobody waits for the answer now.",
    );
  });

  test("keeps saying the same when something happens that people need not know", () => {
    const before = eventsOf([
      [0, created],
      [0, sendingOf(1)],
      [1, admittedOf(1)],
    ]);
    for (const happening of [
      { type: "agent_active", attempt: 1 },
      { type: "agent_ended", attempt: 1, completion: "ok" },
      { type: "connection_lost", attempt: 1, reason: "reset" },
      { type: "handoff_accepted", attempt: 1, status: "complete", isLate: false },
      { ...failedOf(1), isRetryable: false },
    ] as const satisfies readonly RunHappening[])
      expect(fold([...before, ...eventsOf([[2, happening]])])).toEqual(fold(before));
  });

  test("ticks only while it shows a time", () => {
    expect(isTicking(fold(eventsOf([[0, created]])))).toBe(false);
    expect(isTicking(fold(eventsOf([[0, admittedOf(1)]])))).toBe(true);
    expect(isTicking(fold(eventsOf([[0, failedOf(1)]])))).toBe(false);
    const dueAt = new Date(START).toISOString();
    expect(isTicking(fold(eventsOf([[0, { type: "retry_scheduled", attempt: 2, dueAt }]])))).toBe(
      true,
    );
  });
});

function ending(change: Partial<Extract<RunHappening, { type: "run_ended" }>>): RunEnding {
  return { seq: 9, at: new Date(START).toISOString(), runId: RUN, ...completed, ...change };
}

describe("the outcome's message", () => {
  const status = fold(eventsOf([[0, created]]));

  test("holds status, agent, duration, the result's beginning and how to see more", () => {
    const text = outcomeText(status, ending({}), "The plan is <sound> & short.");
    expect(text).toContain("✅ tech-lead: complete after 1 attempt, 1 min 12 s");
    expect(text).toContain("The plan is &lt;sound&gt; &amp; short.");
    expect(text).toContain(`<code>delegate show ${RUN}</code>`);
  });

  test("says what went wrong and what to do about it", () => {
    const failure = {
      code: "timeout",
      message: "no handoff in time",
      hint: "Wait for it.",
    } as const;
    const text = outcomeText(
      status,
      ending({ status: "timeout", code: "timeout", attempts: 3, failure }),
      null,
    );
    expect(text).toContain("❌ tech-lead: timeout after 3 attempts");
    expect(text).toContain("no handoff in time\n→ Wait for it.");
  });

  test.each([
    ["complete", null, "✅"],
    ["partial", null, "⚠️"],
    ["blocked", "agent_blocked", "⚠️"],
    ["failed", "agent_failed", "❌"],
    ["canceled", null, "⛔"],
    ["error", "acl_denied", "⛔"],
  ] satisfies readonly (readonly [OutcomeStatus, FailureCode | null, string])[])(
    "shows %s (%s) with %s",
    (outcome, code, icon) => {
      expect(outcomeText(status, ending({ status: outcome, code }), " ").startsWith(icon)).toBe(
        true,
      );
    },
  );

  test("is never longer than Telegram allows, whatever the agents write", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter, maxLength: 300 }),
        fc.integer({ min: 1, max: 60 }),
        (piece, times) => {
          const long = piece.repeat(times);
          const failure = { code: "timeout", message: long, hint: long } as const;
          const named = { ...status, agent: long, task: long };
          const text = outcomeText(named, ending({ failure }), long);
          expect(text.length).toBeLessThanOrEqual(4_096);
          expect(crashText({ text: long, hint: long }, long).length).toBeLessThanOrEqual(4_096);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("text from elsewhere", () => {
  test("is cut at most so long, with no escape and no character cut in two", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("&", "<", "x", "😀", "\uD83D", " ", "\n") }),
        fc.integer({ min: 0, max: 40 }),
        (text, limit) => {
          const escaped = escapeToFit(text, limit);
          expect(escaped.length).toBeLessThanOrEqual(limit);
          expect(escaped.isWellFormed()).toBe(true);
          expect(escaped).not.toMatch(/&(?!(?:amp|lt|gt);)|[<>]/);
        },
      ),
    );
  });

  test("stays whole when it fits, and ends in … when it does not", () => {
    expect(escapeToFit("a & b", 9)).toBe("a &amp; b");
    expect(escapeToFit("a & b", 8)).toBe("a &amp;…");
    expect(escapeToFit("a & b", 6)).toBe("a…");
    expect(escapeLine("a\n  b", 10)).toBe("a b");
    expect(plainStart("a\n& 😀😀", 5)).toBe("a &…");
    expect(plainStart("a &", 5)).toBe("a &");
  });

  test("loses what could disguise it", () => {
    expect(escapeToFit("\u001B[31mred\u202Eder\u0000\r\nline\ttab", 100)).toBe(
      "[31mredder\nline\ttab",
    );
  });
});

test.each([
  [429, "Too Many Requests: retry after 7", 7, "limited"],
  [429, "Too Many Requests", null, "limited"],
  [401, "Unauthorized", null, "token_refused"],
  [404, "Not Found", null, "token_refused"],
  [409, "Conflict: terminated by other getUpdates request", null, "conflict"],
  [502, "Bad Gateway", null, "unavailable"],
  [400, "Bad Request: message is not modified: …", null, "not_modified"],
  [400, "Bad Request: message to edit not found", null, "message_gone"],
  [400, "Bad Request: message can't be edited", null, "message_gone"],
  [400, "Bad Request: MESSAGE_ID_INVALID", null, "message_gone"],
  [400, "Bad Request: chat not found", null, "refused"],
  [403, "Forbidden: bot was blocked by the user", null, "refused"],
])("the error %d %s means: %s%s", (code, description, retryAfterSeconds, kind) => {
  expect(classifyBotError({ code, description, retryAfterSeconds, movedToChatId: null }).kind).toBe(
    kind,
  );
});

const took = (generation: number): RunHappening => ({ type: "driver_took_over", generation });
const left = (generation: number): RunHappening => ({
  type: "driver_left",
  generation,
  reason: "wait_over",
});

function inOneMoment(happenings: readonly RunHappening[]): readonly RunEvent[] {
  return eventsOf(happenings.map((happening) => [0, happening] as const));
}

function wordsAfter(happenings: readonly RunHappening[], status: RunStatus): readonly string[] {
  const events = inOneMoment(happenings);
  const last = events.at(-1);
  if (last === undefined) throw new Error("nothing happened");
  return driverWords(last, events.slice(0, -1), status).map((post) =>
    post.kind === "say" ? post.html : "",
  );
}

describe("the processes that drive a run", () => {
  const asking = applyToStatus(fold(eventsOf([[0, created]])), opened);

  test("are told of when one ended without a word and another takes over", () => {
    const calm = fold(eventsOf([[0, created]]));
    const lost = [
      `💥 tech-lead: the process that drove this run ended without a word. Another one goes on with it.\n<code>${RUN}</code>`,
    ];
    expect(wordsAfter([created, took(2)], calm)).toEqual(lost);
    expect(wordsAfter([created, left(1), took(2)], calm)).toEqual([]);
    expect(wordsAfter([created, left(1), took(2), took(3)], calm)).toEqual(lost);
    expect(wordsAfter([created, left(1), took(2), left(1), took(3)], calm)).toEqual(lost);
    expect(wordsAfter([created, completed, took(2)], calm)).toEqual([]);
    expect(wordsAfter([created], calm)).toEqual([]);
  });

  test("are told of when nobody is left to wait for an answer", () => {
    expect(wordsAfter([created, left(1)], asking)).toEqual([
      `⏳ tech-lead: nobody waits for the answer any more. It is kept, and the run goes on with it at\n<code>delegate wait ${RUN}</code>`,
    ]);
    expect(wordsAfter([created, left(1)], fold(eventsOf([[0, created]])))).toEqual([]);
  });

  test("are counted when they end without a word", () => {
    expect(countDeaths(inOneMoment([created, took(2), took(3), left(3), took(4)]))).toBe(2);
    expect(countDeaths([])).toBe(0);
  });
});

test("a chat that got another id is named with it", () => {
  const error = {
    code: 400,
    description: "Bad Request: group chat was upgraded",
    retryAfterSeconds: null,
  };
  expect(classifyBotError({ ...error, movedToChatId: -1_001 })).toEqual({
    kind: "refused",
    reason: "the chat's id is -1001 now",
  });
});

test("people are told what became of their answer", () => {
  const by = "@bob";
  const answered = { kind: "answered", text: "Postgres", by, onProposalOf: null } as const;
  const skipped = { kind: "skipped", by } as const;
  const todo = "To go on: delegate wait r";
  expect([
    describeReport({ kind: "taken", end: answered, todo: null }),
    describeReport({ kind: "taken", end: skipped, todo }),
    describeReport({ kind: "discussed", by: "manager", todo: null }),
    describeReport({ kind: "discussed", by: "manager", todo }),
    describeReport({ kind: "too_late", end: answered }),
    describeReport({ kind: "too_late", end: skipped }),
    describeReport({ kind: "too_late", end: { kind: "run_over" } }),
    describeReport({ kind: "too_late", end: { kind: "asked_anew" } }),
    describeReport({ kind: "unknown" }),
    describeReport({ kind: "refused", reason: "the answer is empty" }),
  ]).toEqual([
    "Answered: Postgres",
    "Skipped. To go on: delegate wait r",
    "Told manager, who proposes anew.",
    "Told manager, who proposes anew. To go on: delegate wait r",
    "Already answered by @bob: Postgres",
    "Too late: skipped by @bob",
    "Too late: the run has ended.",
    "Answer the newer message below.",
    "This question is closed or was never asked.",
    "Not taken: the answer is empty",
  ]);
  const long = { ...answered, text: "😀".repeat(500), by: "x".repeat(500) };
  for (const report of [
    { kind: "too_late", end: long },
    { kind: "taken", end: long, todo: "y".repeat(500) },
  ] as const)
    expect(describeReport(report).length).toBeLessThanOrEqual(200);
});
