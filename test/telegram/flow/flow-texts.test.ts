import { describe, expect, test } from "vitest";
import type { FlowHappening } from "../../../src/flows/event.ts";
import type { FlowOutcome } from "../../../src/flows/outcome.ts";
import { flowOutcomeText } from "../../../src/telegram/flow/flow-outcome-text.ts";
import type { FlowProgress } from "../../../src/telegram/flow/flow-progress.ts";
import { wantsPeople } from "../../../src/telegram/flow/flow-progress.ts";
import {
  flowPicture,
  flowStatusText,
  isTicking,
} from "../../../src/telegram/flow/flow-status-text.ts";
import { agent, approve, flowOf, forEach, loop, run, subflow } from "../../flows/written-flow.ts";
import { START } from "../samples.ts";
import { progressAfter } from "./shown-flow.ts";

const work = loop("work", [agent("code"), run("verify", { needs: ["code"] })]);
const flow = flowOf([work, approve("ok", { needs: ["work"] })], {
  name: "build",
  description: "Code <and> verify",
});

const opened = (key: string): FlowHappening => ({ type: "step_opened", key, attempt: 1 });
const started = (key: string): FlowHappening => ({
  type: "step_started",
  key,
  attempt: 1,
  worker: "host:1",
});
const done = (key: string): FlowHappening => ({ type: "step_done", key, attempt: 1 });
const failed = (key: string, retryAt: string | null): FlowHappening => ({
  type: "step_failed",
  key,
  attempt: 1,
  failure: { code: "command_failed", message: "exit code <1>", hint: "mend it" },
  retryAt,
});

const second = [opened("work"), done("work.1.code"), done("work.1.verify"), started("work.2.code")];

function textOf(progress: FlowProgress, seconds = 60): string {
  return flowStatusText(flowPicture(progress), START + seconds * 1_000);
}

function headline(happenings: readonly FlowHappening[], of = flow): string {
  return textOf(progressAfter(of, happenings)).split("\n")[0] ?? "";
}

function ticks(happenings: readonly FlowHappening[]): boolean {
  return isTicking(flowPicture(progressAfter(flow, happenings)));
}

function wants(happening: FlowHappening): boolean {
  return wantsPeople(progressAfter(flow, [happening]));
}

describe("the message of a flow run", () => {
  test("says which agent is at it, in which iteration, and for how long", () => {
    expect(textOf(progressAfter(flow, second))).toBe(
      "🔧 t-296: coder, iteration 2 of 3, 56 s …\n<i>build: Code &lt;and&gt; verify</i>\n<code>t-296</code>",
    );
  });

  test("says what the flow run is to do, if it was given a text", () => {
    const inputs = { count: 3, task: "Add a <flag>" };
    expect(textOf(progressAfter(flow, second, { inputs }))).toContain(
      "<i>build: Add a &lt;flag&gt;</i>",
    );
    const bare = flowOf([run("a")], { name: "build" });
    expect(textOf(progressAfter(bare, []))).toContain("<i>build</i>");
  });

  test.each<[string, string, readonly FlowHappening[]]>([
    ["nothing has begun", "🔧 t-296: starting …", []],
    [
      "something may begin",
      "🔧 t-296: coder, iteration 1 of 3 is next …",
      [opened("work"), { type: "step_ready", key: "work.1.code", attempt: 1 }],
    ],
    [
      "a step is begun again",
      "🔧 t-296: verify, iteration 1 of 3, trying again …",
      [opened("work"), failed("work.1.verify", "2026-11-21T12:01:00Z")],
    ],
    [
      "people are wanted",
      "❓ t-296: ok waits for you",
      [{ type: "step_waiting", key: "ok", what: "all right?" }],
    ],
    [
      "people are wanted for several steps",
      "❓ t-296: coder, iteration 1 of 3 + ok wait for you",
      [
        { type: "step_recovered", key: "work.1.code", attempt: 1, choice: "ask" },
        { type: "step_waiting", key: "ok", what: "all right?" },
      ],
    ],
    [
      "it was complete",
      "✅ t-296: complete, 1 s",
      [{ type: "flow_ended", end: { status: "complete" } }],
    ],
    [
      "it was canceled",
      "⛔ t-296: canceled, 1 s",
      [{ type: "flow_ended", end: { status: "canceled", by: "ann", reason: null } }],
    ],
  ])("when %s", (_when, text, happenings) => {
    expect(headline(happenings)).toBe(text);
  });

  test("names steps side by side, and counts what is alike and what is too much", () => {
    const side = flowOf([
      forEach("files", [agent("look")]),
      subflow("inner", flowOf([run("lint")])),
      run("one"),
      run("two"),
      run("three"),
    ]);
    expect(
      headline(
        ["files.1.look", "files.2.look", "inner.1.lint", "one", "two", "three"].map(started),
        side,
      ),
    ).toBe("🔧 t-296: 2 × coder + lint + one + 2 more, 59 s …");
    const inLoop = flowOf([loop("work", [agent("code"), run("lint")])]);
    expect(headline(["work.2.code", "work.2.lint"].map(started), inLoop)).toContain(
      "coder + lint, iteration 2 of 3,",
    );
  });

  test("has the last words of who is at it, and for what people are wanted besides", () => {
    const text = textOf(
      progressAfter(flow, [
        ...second,
        { type: "step_progress", key: "work.2.code", words: "Reading <the> plan" },
        { type: "step_waiting", key: "ok", what: "all right?" },
      ]),
    );
    expect(text).toContain("“Reading &lt;the&gt; plan”\n❓ ok waits for you");
  });

  test("says when nobody goes on with it", () => {
    const progress = { ...progressAfter(flow, second), isCarriedOn: false };
    expect(textOf(progress)).toContain(
      "Nobody goes on with it now: <code>delegate flow wait t-296</code>",
    );
    expect(isTicking(flowPicture(progress))).toBe(false);
  });

  test("changes by time alone while steps run, and only then", () => {
    expect(ticks(second)).toBe(true);
    expect(ticks([{ type: "step_waiting", key: "ok", what: "all right?" }])).toBe(false);
    expect(ticks([...second, { type: "flow_ended", end: { status: "complete" } }])).toBe(false);
  });

  test("is never longer than Telegram allows", () => {
    const evil = "<&>\u202e".repeat(3_000);
    const words = second.flatMap((happening): readonly FlowHappening[] =>
      "key" in happening
        ? [happening, { type: "step_progress", key: happening.key, words: evil }]
        : [happening],
    );
    const large = flowOf([work], { name: "a".repeat(500), description: evil });
    const text = textOf(progressAfter(large, words, { flowRunId: "r".repeat(128) }));
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(text).not.toContain("\u202e");
  });
});

describe("what is known of a flow run", () => {
  test("people are wanted for what waits, and for what nobody knows the end of", () => {
    expect(wants({ type: "step_waiting", key: "ok", what: "?" })).toBe(true);
    expect(wants({ type: "step_recovered", key: "ok", attempt: 1, choice: "ask" })).toBe(true);
    expect(wants(started("ok"))).toBe(false);
  });

  test("the end is the last one, and what is done again is not decided any more", () => {
    const before = progressAfter(flow, [
      { type: "step_decided", key: "ok", decision: "approved", by: "eva", note: null },
      { type: "flow_ended", end: { status: "complete" } },
    ]);
    expect([before.endedSeq, before.decisions.get("ok")?.by]).toEqual([3, "eva"]);
    const again = progressAfter(flow, [
      { type: "step_decided", key: "ok", decision: "approved", by: "eva", note: null },
      { type: "flow_ended", end: { status: "complete" } },
      { type: "step_forgotten", key: "ok" },
      { type: "flow_ended", end: { status: "complete" } },
    ]);
    expect([again.endedSeq, again.decisions.size]).toEqual([5, 0]);
  });
});

describe("the message that tells the end", () => {
  const outcome: FlowOutcome = {
    status: "complete",
    flowRunId: "t-296",
    name: "build",
    steps: {},
    report: "# All <is> well",
    latencyMs: 1_000,
  };
  const end = { type: "flow_ended", end: { status: "complete" } } as const;

  test("has the report", () => {
    expect(flowOutcomeText(progressAfter(flow, [end]), outcome)).toBe(
      "✅ t-296: complete, 1 s\n<i>build: Code &lt;and&gt; verify</i>\n\n<blockquote expandable># All &lt;is&gt; well</blockquote>\n\nMore: <code>delegate flow show t-296</code>",
    );
  });

  test("says why it came to nothing, and what to do", () => {
    const failure = { code: "rejected", message: "eva <rejected> it", hint: "again" };
    const ended = { type: "flow_ended", end: { status: "failed", failure, key: "ok" } } as const;
    const error = { ...failure, hint: "delegate flow retry", retryable: false };
    const failedOutcome = { ...outcome, status: "failed", report: null, error } as const;
    expect(flowOutcomeText(progressAfter(flow, [ended]), failedOutcome)).toBe(
      "❌ t-296: failed, 1 s\n<i>build: Code &lt;and&gt; verify</i>\n\neva &lt;rejected&gt; it\n→ delegate flow retry\n\nMore: <code>delegate flow show t-296</code>",
    );
  });

  test("is told also when no more is known", () => {
    expect(flowOutcomeText(progressAfter(flow, [end]), null)).toContain("✅ t-296: complete");
  });

  test("is never longer than Telegram allows", () => {
    const evil = "<&>".repeat(9_000);
    const error = { code: "x", message: evil, hint: evil, retryable: false };
    const text = flowOutcomeText(progressAfter(flow, [end], { inputs: { task: evil } }), {
      ...outcome,
      report: evil,
      error,
    });
    expect(text.length).toBeLessThanOrEqual(4_096);
  });
});
