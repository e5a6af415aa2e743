import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunHappening } from "../../../src/events/event.ts";
import type { FailureCode } from "../../../src/failure.ts";
import { describeAftermath } from "../../../src/flows/steps/agent-aftermath.ts";
import { askOf } from "../../../src/flows/steps/agent-ask.ts";
import { endOfRun } from "../../../src/flows/steps/agent-end.ts";
import { wasLostAtWork } from "../../../src/flows/steps/agent-loss.ts";
import { endOfApproval } from "../../../src/flows/steps/approve-end.ts";
import { endOfDecision, endOfForeman } from "../../../src/flows/steps/ask-end.ts";
import { endOfCommand } from "../../../src/flows/steps/command-end.ts";
import { foremanQuestion } from "../../../src/flows/steps/foreman-question.ts";
import { isPlainWords, shellScript } from "../../../src/flows/steps/shell-line.ts";
import { stopReasonOf } from "../../../src/flows/steps/stop-reason.ts";
import { beginningOf, byteLength } from "../../../src/flows/steps/text-size.ts";
import { describeAnswer, readTypedAnswer } from "../../../src/flows/typed-answer.ts";
import type { TypedQuestion } from "../../../src/flows/typed-answer.ts";
import type { Job } from "../../../src/flows/work.ts";
import type { Cancellation } from "../../../src/run/cancel.ts";
import { sampleConfig } from "../../run/samples.ts";
import { approval, question, task } from "./rig.ts";

const color: TypedQuestion = { question: "?", answer: "option", options: ["red", "Green", "2"] };
const of = (answer: TypedQuestion["answer"]): TypedQuestion => ({ ...color, answer, options: [] });

describe("the agent of a step that is given up", () => {
  const canceled = {
    runId: "r",
    status: "canceled",
    isAgentEnded: true,
    late: null,
    children: [],
  } as const;
  test.each<[Partial<Cancellation>, string]>([
    [{}, "its agent's run r is canceled"],
    [{ isAgentEnded: false }, "its agent's run r is canceled"],
    [
      { isAgentEnded: null },
      "its agent's run r is canceled, though its gateway can't end the agent",
    ],
    [
      { status: "complete" },
      "its agent's run r had ended (complete): delegate show r has what it came to",
    ],
    [{ status: null }, "its agent's run r was asked to end: delegate show r says whether it has"],
  ])("is told of: %j", (change, words) => {
    expect(describeAftermath({ ...canceled, ...change })).toBe(words);
  });
});

describe("an answer", () => {
  test.each<[TypedQuestion, string, unknown]>([
    [of("text"), "  as it is ", "as it is"],
    [of("number"), "-3", -3],
    [of("number"), "+.5", 0.5],
    [of("number"), "1e3", 1000],
    [of("boolean"), "Yes", true],
    [of("boolean"), "n", false],
    [color, "red", "red"],
    [color, "green", "Green"],
    [color, "1", "red"],
    // The third option, and not the second.
    [color, "2", "2"],
  ])("to %j that says %j is %j", (asked, text, value) => {
    expect(readTypedAnswer(asked, text)).toEqual({ ok: true, value });
  });

  test.each<[TypedQuestion, string]>([
    [of("text"), " \n"],
    [of("number"), "three"],
    [of("number"), "0x10"],
    [of("number"), "1e999"],
    [of("number"), "NaN"],
    [of("boolean"), "perhaps"],
    [color, "blue"],
    [color, "4"],
    [color, "0"],
    [{ ...color, options: ["a", "A "] }, "À"],
  ])("to %j that says %j is none, and it is said what would be one", (asked, text) => {
    const problem = `the answer must be ${describeAnswer(asked)}`;
    expect(readTypedAnswer(asked, text)).toEqual({ ok: false, problem });
  });

  test("is described by what is asked", () => {
    expect(describeAnswer(color)).toBe("one of: red, Green, 2");
    expect(describeAnswer(of("boolean"))).toBe("yes or no");
    expect(describeAnswer(of("text"))).toBe("a text");
  });

  test("of which only one option is meant", () => {
    const two = { ...color, options: ["No", "no"] };
    expect(readTypedAnswer(two, "no")).toEqual({ ok: true, value: "no" });
    expect(readTypedAnswer(two, "NO")).toMatchObject({ ok: false });
  });
});

describe("a foreman", () => {
  test("is told how to answer", () => {
    expect(foremanQuestion(of("number"), "01abc")).toEqual({
      askedBy: "The flow run 01abc",
      text: "?\n\nThe answer must be a number, such as 3 or 0.5.",
      options: [],
      allowsFreeText: true,
    });
    expect(foremanQuestion(of("boolean"), "01abc")).toMatchObject({
      options: ["yes", "no"],
      allowsFreeText: false,
    });
    expect(foremanQuestion(color, "01abc")).toMatchObject({ text: "?", allowsFreeText: false });
  });

  test("whose answer is of the wrong kind has said nothing", () => {
    const said = { text: "many", isSure: true, by: "lead", usage: { costUsd: 1, tokens: 2 } };
    expect(endOfForeman(question(), said)).toMatchObject({ waiting: { proposal: null } });
  });
});

test("a rejection need not say why", () => {
  const decision = { kind: "rejected", by: "ben", note: null, digest: "x" } as const;
  expect(endOfApproval(approval(), { text: null, digest: "x" }, decision)).toMatchObject({
    failure: { message: "ben rejected it" },
  });
});

test("a decision of another kind is no answer", () => {
  expect(endOfDecision(question(), { kind: "resumed" })).toMatchObject({ end: "waiting" });
});

describe("a line that a shell has nothing to do with", () => {
  test.each(["true", "npm test", " make -j8\ttarget ", "a --b=c,d@e:f%g+h", "./x.sh 1 2"])(
    "%j",
    (line) => expect(isPlainWords(line)).toBe(true),
  );
  test.each([
    "",
    " ",
    "a;b",
    "a&",
    "a|b",
    "a>b",
    "$A",
    "a*",
    "~/x",
    "a 'b'",
    'a "b"',
    "a\\b",
    "a\nb",
    "(a)",
    "{ a",
    "# a",
    "!a",
    "a `b`",
    "A=1 b",
    "if",
    "while x",
    "for x in y",
    "é",
  ])("but not %j", (line) => expect(isPlainWords(line)).toBe(false));
});

test("a script is one line for the shell, whatever is in the command", () => {
  const pipes = { stdout: "/t/o", stderr: "/t/e" };
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (command, value) => {
      const script = shellScript({ command, cwd: "/", env: { A: value } }, pipes) ?? "";
      // Quoted parts are taken out as a shell takes them: everything up to the next quote.
      const bare = script.replaceAll(/'[^']*'|\\'/g, "");
      expect(bare).toBe(
        `kill -0 "$PPID" || exit; (export A=; cd --  && exec ${" ".repeat(command.length - 1)}) </dev/null 8<> > 8>&- 8<> 2> 8>&-; echo $?\n`,
      );
    }),
  );
  expect(shellScript({ command: "a", cwd: "/", env: { "A-B": "" } }, pipes)).toBe(null);
});

describe("the beginning of a text", () => {
  test("is as much as fits, and never half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat({ max: 50 }), (text, max) => {
        const beginning = beginningOf(text, max);
        expect(text.startsWith(beginning)).toBe(true);
        expect(byteLength(beginning)).toBeLessThanOrEqual(max);
        if (byteLength(text) <= max) expect(beginning).toBe(text);
        else expect(byteLength(beginning)).toBeGreaterThan(max - 4);
      }),
    );
  });
});

describe("why a job is to stop", () => {
  test.each([
    ["canceled", "canceled"],
    ["leaving", "leaving"],
    ["lost", "lost"],
    [new Error("something else"), "lost"],
    [undefined, "lost"],
  ])("%s", (reason, stop) => expect(stopReasonOf({ reason })).toBe(stop));
});

describe("the end of a command", () => {
  const silent = { text: "", file: null };
  const messageOf = (code: number, stdout = "", stderr = ""): string => {
    const end = endOfCommand(
      { kind: "exited", code },
      { ...silent, text: stdout },
      { ...silent, text: stderr },
      (text) => text.replaceAll("\u001B[31m", ""),
    );
    return end.end === "failed" ? end.failure.message : end.end;
  };

  test.each([
    [messageOf(0), "done"],
    [messageOf(1), "the command ended with exit code 1"],
    [messageOf(1, "from\nstdout\n"), "the command ended with exit code 1: from / stdout"],
    [messageOf(1, "x", " \u001B[31mred\u0007 \n\n"), "the command ended with exit code 1: red"],
    [messageOf(1, "", "a\nb\nc\nd"), "the command ended with exit code 1: b / c / d"],
    [messageOf(139), "the command was ended by signal 11 (exit code 139)"],
    [messageOf(200), "the command ended with exit code 200"],
  ])("%s", (message, expected) => expect(message).toBe(expected));

  test("is not long, however much was said", () => {
    expect(messageOf(1, "", "x".repeat(10_000)).length).toBeLessThan(400);
  });
});

describe("the output of an agent step", () => {
  const whole = {
    status: "complete",
    runId: "r",
    agent: "lead",
    attempts: 1,
    latencyMs: 5,
    result: "done",
  } as const;

  test("has nothing in it that the handoff does not have", () => {
    expect(endOfRun(whole, () => null)).toEqual({
      end: "done",
      output: {
        result: "done",
        data: null,
        deliverable: null,
        artifacts: [],
        handoff: "complete",
        confidence: null,
        usage: { costUsd: null, tokens: null },
        runId: "r",
        agent: "lead",
      },
      usage: { costUsd: null, tokens: null },
    });
  });

  test.each([
    [
      "let it try again with --retries 2 or 3; x",
      'let it try again with "retries" 2 or 3 in the flow\'s file; x',
    ],
    [
      "give more time with --timeout, or less",
      'give more time with "timeout" in the flow\'s file, or less',
    ],
    [
      "give more time with --idle-timeout",
      'give more time with "idle-timeout" in the flow\'s file',
    ],
    ["delegate wait r --timeout <sec>", "delegate wait r --timeout <sec>"],
  ])("that says to do %j means a flow's file", (hint, said) => {
    const error = { code: "timeout", message: "m", hint, retryable: true } as const;
    expect(endOfRun({ status: "timeout", error }, () => null)).toMatchObject({
      failure: { hint: said },
    });
  });

  test("is nearly empty when there was no run", () => {
    const error = { code: "usage", message: "m", hint: "h", retryable: false } as const;
    expect(endOfRun({ status: "error", error }, () => null)).toEqual({
      end: "failed",
      failure: { code: "usage", message: "m", hint: "h" },
      output: {
        result: "",
        data: null,
        deliverable: null,
        artifacts: [],
        handoff: "error",
        confidence: null,
        usage: { costUsd: 0, tokens: 0 },
        runId: null,
        agent: null,
      },
      usage: { costUsd: 0, tokens: 0 },
      isRetryable: false,
    });
  });

  test("does without a file that can't be read", () => {
    const large = { ...whole, artifacts: ["x".repeat(100_000)] };
    expect(endOfRun(large, () => null)).toMatchObject({ output: { artifacts: [] } });
    expect(endOfRun(large, () => null)).not.toHaveProperty("output.files");
  });

  test("knows tokens only when both kinds are told", () => {
    const usage = { inputTokens: 3 };
    expect(endOfRun({ ...whole, usage }, () => null)).toMatchObject({ usage: { tokens: null } });
  });
});

test("a key that is too long for an id gives way to the step's own", () => {
  const job: Job = {
    flowRunId: "01abc",
    cwd: "/",
    author: "anna",
    key: `${"inner.1.".repeat(20)}code`,
    stepId: "code",
    attempt: 1,
    runId: "01abc.code.1.1",
    work: task(),
    decision: null,
  };
  expect(askOf(job, task(), sampleConfig).stepId).toBe("code");
});

describe("an agent's run was lost at work", () => {
  const admitted: RunHappening = {
    type: "attempt_admitted",
    attempt: 1,
    gatewayRunId: null,
    isIdempotent: false,
  };
  test.each<[string, readonly RunHappening[], boolean]>([
    ["when its gateway went away with the task", [admitted, failedWith("unreachable")], true],
    ["not when the gateway was not there", [failedWith("unreachable")], false],
    ["not when it failed itself", [admitted, failedWith("agent_failed")], false],
    [
      "not when only an earlier attempt was",
      [admitted, failedWith("unreachable"), failedWith("unreachable", 2)],
      false,
    ],
    ["not when nothing failed", [admitted], false],
  ])("%s", (_, happenings, isLost) => {
    expect(wasLostAtWork(happenings)).toBe(isLost);
  });
});

function failedWith(code: FailureCode, attempt = 1): RunHappening {
  const failure = { code, message: "", hint: "" };
  return { type: "attempt_failed", attempt, failure, isRetryable: true, retryAfterMs: null };
}
