import { describe, expect, test } from "vitest";
import type { Flow, Step } from "../../src/flows/flow.ts";
import type { Json } from "../../src/json/json.ts";
import { describeRehearsal } from "../../src/flows/rehearsal/rehearsal-text.ts";
import { rehearse } from "../../src/flows/rehearsal/rehearse.ts";
import type { Stubs } from "../../src/flows/rehearsal/stubs.ts";
import { findStubProblems } from "../../src/flows/rehearsal/stubs.ts";
import { evaluator } from "./simulation.ts";
import { agent, approve, ask, flowOf, forEach, loop, requestOf, run } from "./written-flow.ts";

function rehearsed(flow: Flow, stubs: Stubs = {}) {
  return rehearse(requestOf(flow), stubs, evaluator);
}

/** What happened, in a few words each. */
function story(flow: Flow, stubs: Stubs = {}): readonly string[] {
  return rehearsed(flow, stubs).steps.map(
    ({ key, attempt, outcome }) =>
      `${key}${attempt > 1 ? `#${attempt}` : ""} ${outcome.kind}${outcome.kind === "failed" && outcome.isRetried ? ", again" : ""}`,
  );
}

const build = flowOf(
  [
    loop(
      "work",
      [
        agent("code", { task: "again: ${{ previous.verify.failure.message }}" }),
        run("verify", { needs: ["code"], onFailure: "next-iteration" }),
      ],
      { until: "steps.verify.exitCode == 0" },
    ),
    approve("ok", { needs: ["work"] }),
    run("commit", { needs: ["ok"], command: "git commit -m ${{ steps.work.steps.code.result }}" }),
  ],
  { report: "${{ steps.work.iterations }} iterations, by ${{ steps.ok.by }}" },
);

describe("a rehearsal", () => {
  test("goes well where no stub says otherwise", () => {
    expect(story(build)).toEqual([
      "work.1.code done",
      "work.1.verify done",
      "work done",
      "ok done",
      "commit done",
    ]);
    expect(rehearsed(build)).toMatchObject({
      end: { status: "complete" },
      report: "1 iterations, by rehearsal",
    });
  });

  test("goes through iterations with a stub for each, the last one from there on", () => {
    const stubs = { verify: [{ failure: "2 tests fail" }, 0], code: ["first", "second"] };
    const { steps, report } = rehearsed(build, stubs);
    expect(steps.map(({ key }) => key)).toEqual([
      "work.1.code",
      "work.1.verify",
      "work.2.code",
      "work.2.verify",
      "work",
      "ok",
      "commit",
    ]);
    expect(steps[2]?.work).toMatchObject({ task: "again: 2 tests fail" });
    expect(steps.at(-1)?.work).toMatchObject({ env: { DELEGATE_VALUE_1: "second" } });
    expect(report).toBe("2 iterations, by rehearsal");
    expect(rehearsed(build, { verify: 1 }).end).toMatchObject({
      status: "failed",
      failure: { code: "loop_exhausted" },
    });
  });

  test("takes a stub for one place before one for a step", () => {
    const flow = flowOf([
      forEach("each", [run("one", { onFailure: "continue" })], { items: "[1, 2]" }),
    ]);
    const stubs = { one: 0, "each.2.one": [7, { exitCode: 8 }] };
    const { steps } = rehearsed(flow, stubs);
    expect(steps.map(({ outcome }) => outcome.kind)).toEqual(["done", "failed", "done"]);
  });

  test("tries again what may be tried again, and skips what is not wanted", () => {
    const flow = flowOf([
      run("flaky", { retry: { attempts: 2, baseMs: 1, maxMs: 1 } }),
      run("never", { when: "false" }),
    ]);
    expect(story(flow, { flaky: 1 })).toEqual([
      "never skipped",
      "flaky failed, again",
      "flaky#2 failed",
    ]);
  });

  test("says what would be wrong with the report", () => {
    const flow = flowOf([run("a")], { report: "${{ steps.a.nothing }}" });
    expect(rehearsed(flow)).toMatchObject({
      report: null,
      end: { status: "failed", failure: { message: expect.stringContaining("steps.a.nothing") } },
    });
  });

  test("is told to people with what each step would do and come to", () => {
    const stubs = { verify: [{ failure: { code: "command_failed", message: "no" } }, 0] };
    expect(describeRehearsal(requestOf(build), rehearsed(build, stubs), true)).toBe(`test

work.1.code: agent claude
  | again:
  → done: {"result":"","data":null,"deliverable":null,"artifacts":[],"handoff":"complete","confidence":"high","runId":"01abc.code.1.1","agent":"claude"} (no stub)
work.1.verify: run
  | true
  → failed: no
work.2.code: agent claude
  | again: no
  → done: {"result":"","data":null,"deliverable":null,"artifacts":[],"handoff":"complete","confidence":"high","runId":"01abc.code.2.1","agent":"claude"} (no stub)
work.2.verify: run
  | true
  → done: {"exitCode":0,"stdout":"","stderr":""}
work
  → done
ok: approve
  | all right?
  → done: {"approved":true,"by":"rehearsal","note":null} (no stub)
commit: run
  | git commit -m "\${DELEGATE_VALUE_1}"
  | DELEGATE_VALUE_1=""
  → done: {"exitCode":0,"stdout":"","stderr":""} (no stub)

end: complete

2 iterations, by rehearsal
`);
  });

  test("tells of retries, skips and reports that fail", () => {
    const flow = flowOf(
      [
        run("flaky", { retry: { attempts: 2, baseMs: 1, maxMs: 1 } }),
        run("never", { when: "false" }),
      ],
      { report: "${{ steps.flaky.nothing }}" },
    );
    const request = requestOf(flow);
    const failing = describeRehearsal(request, rehearsed(flow, { flaky: 1 }), true);
    expect(failing).toContain("exit code 1; tried again\nflaky (attempt 2): run\n");
    expect(failing).toContain('never\n  → skipped: "false" is not true\n');
    expect(failing).not.toContain("report");
    expect(describeRehearsal(request, rehearsed(flow), true)).toContain(
      'end: failed: report: the expression "steps.flaky.nothing"',
    );
  });
});

/** What becomes of a step alone in its flow. */
function outputOf(step: Step, stub?: Json) {
  const stubs = stub === undefined ? {} : { [step.id]: stub };
  return rehearsed(flowOf([step]), stubs).steps[0]?.outcome;
}

describe("a stub", () => {
  test.each<readonly [string, Step, Json, object]>([
    ["an agent's text is its result", agent("a"), "said", { output: { result: "said" } }],
    ["anything else of an agent is its data", agent("a"), [1], { output: { data: 1 } }],
    [
      "a number of a command is its exit code",
      run("a"),
      4,
      { failure: { code: "command_failed" } },
    ],
    ["a text of a command is what it printed", run("a"), "out", { output: { stdout: "out" } }],
    [
      "false for an approval is a rejection",
      approve("a"),
      false,
      { failure: { code: "rejected" } },
    ],
    [
      "with a note",
      approve("a"),
      { approved: false, note: "no" },
      { failure: { message: "rehearsal rejected it: no" } },
    ],
    ["what is asked gets the answer", ask("a"), "blue", { output: { answer: "blue" } }],
    ["nothing is nothing", ask("a", { options: ["x", "y"] }), null, { output: { answer: "x" } }],
    [
      "an agent fails with words",
      agent("a"),
      { failure: "gave up" },
      { failure: { code: "agent_failed", message: "gave up" } },
    ],
    ["or without", agent("a"), { failure: true }, { failure: { message: "a stub" } }],
  ])("%s", (_name, step, stub, expected) => {
    expect(outputOf(step, stub)).toMatchObject(expected);
  });

  test.each([
    ["number", 0],
    ["boolean", true],
    ["text", ""],
    ["option", ""],
  ] as const)("without one, a question for a %s gets %j", (answer, value) => {
    expect(outputOf(ask("a", { answer }))).toMatchObject({ output: { answer: value } });
  });

  test("is for a step that there is, and is not an empty list", () => {
    expect(findStubProblems([], build)).toEqual([
      "the stubs must be an object: step ids, and what each comes to",
    ]);
    const stubs = { verfy: 0, "work.2.code": "x", ok: [], "work.1.cod": 1 };
    expect(findStubProblems(stubs, build)).toEqual([
      'the flow has no step "verfy"; did you mean "verify"?',
      '"ok" has an empty list',
      'the flow has no step "work.1.cod"; did you mean "code"?',
    ]);
  });
});
