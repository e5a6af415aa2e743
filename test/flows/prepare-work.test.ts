import { describe, expect, it } from "vitest";
import { Simulation } from "./simulation.ts";
import { agent, approve, ask, flowOf, run } from "./written-flow.ts";

const inputs = { inputs: { n: 2, word: "o'clock" } };

function reading(stdin: string, more = inputs): Simulation {
  return new Simulation(flowOf([run("a", { stdin })]), more);
}

describe("what a command reads", () => {
  it("is a text with the values of its expressions", () => {
    expect(reading("${{ inputs }}: $HOME").work("a", "run").stdin).toBe(
      `{"n":2,"word":"o'clock"}: $HOME`,
    );
    expect(new Simulation(flowOf([run("a")])).work("a", "run")).not.toHaveProperty("stdin");
  });

  it("has a bound", () => {
    const most = "é".repeat(8 * 1024 * 1024);
    expect(reading(most).status("a")).toBe("ready");
    expect(reading(`${most}é`).state("a", "failed").failure).toEqual({
      code: "command_failed",
      message: '"stdin" is 16777218 bytes long, and at most 16777216 are possible',
      hint: "have the earlier step leave a file, and give the command its path",
    });
  });
});

describe("the work of an agent step", () => {
  it("has the agent of its role, its persona before its task, and its mode", () => {
    const step = agent("a", {
      task: "Look ${{ inputs.n }} times",
      persona: "${{ inputs.word == '' ? 'none' : 'skeptic' }}",
      mode: "plan",
      attempts: 2,
      timeoutMs: 5000,
      idleTimeoutMs: 100,
      dataSchema: { type: "object" },
    });
    const flow = new Simulation(flowOf([step], { personas: { skeptic: "You doubt.\n" } }), inputs);
    expect(flow.state("a", "ready")).toEqual({
      status: "ready",
      attempt: 1,
      lastAttempt: 1,
      dueAtMs: 0,
      decision: null,
      work: {
        kind: "agent",
        agent: "claude",
        task: "You doubt.\n\nLook 2 times",
        mode: "plan",
        dataSchema: { type: "object" },
        attempts: 2,
        timeoutMs: 5000,
        idleTimeoutMs: 100,
      },
    });
  });

  it("has the agent that the start names for the role", () => {
    const flow = new Simulation(flowOf([agent("a")]), { agents: { coder: "codex" } });
    expect(flow.work("a", "agent").agent).toBe("codex");
  });

  it("is none when nobody takes the role", () => {
    const flow = new Simulation(flowOf([agent("a", { agent: "constructor" })]));
    expect(flow.state("a", "failed").failure).toMatchObject({ code: "agent_unknown" });
  });

  it("is none when there is no such persona", () => {
    const unknown = agent("a", { persona: "nobody" });
    const none = new Simulation(flowOf([unknown]));
    expect(none.state("a", "failed").failure.hint).toContain('"personas"');
    const some = new Simulation(flowOf([unknown], { personas: { skeptic: "", judge: "" } }));
    expect(some.state("a", "failed").failure.hint).toContain("name one of skeptic, judge");
  });

  it("is none when an expression fails: the first one is named", () => {
    const flow = new Simulation(
      flowOf([agent("a", { task: "${{ inputs.x }}", persona: "${{ inputs.y }}" })]),
    );
    expect(flow.state("a", "failed").failure.message).toContain('"inputs.x" in "task"');
  });
});

describe("the work of a command", () => {
  it("passes values to a shell line as variables, beside the step's own", () => {
    const step = run("a", {
      command: "echo ${{ inputs.word }}",
      cwd: "sub/${{ inputs.n }}",
      env: { N: "n=${{ inputs.n }}" },
      timeoutMs: 7,
    });
    expect(new Simulation(flowOf([step]), inputs).work("a", "run")).toEqual({
      kind: "run",
      command: 'echo "${DELEGATE_VALUE_1}"',
      cwd: "sub/2",
      env: { N: "n=2", DELEGATE_VALUE_1: "o'clock" },
      timeoutMs: 7,
    });
  });

  it("has each word of a program with its arguments rendered", () => {
    const step = run("a", { command: ["echo", "${{ inputs.word }}"] });
    const work = new Simulation(flowOf([step]), inputs).work("a", "run");
    expect(work).toMatchObject({ command: ["echo", "o'clock"], cwd: null, env: {} });
  });

  it("is none when a value can't stand there", () => {
    const flow = new Simulation(flowOf([run("a", { command: "echo ${{ inputs.x }}" })]), inputs);
    expect(flow.state("a", "failed").failure.message).toContain('in "run"');
  });
});

describe("the work of people", () => {
  it("has what is shown to them", () => {
    const step = approve("a", {
      message: "Commit ${{ inputs.word }}?",
      show: "git diff ${{ inputs.n }}",
      requiredApprovers: ["bob"],
    });
    expect(new Simulation(flowOf([step]), inputs).work("a", "approve")).toEqual({
      kind: "approve",
      message: "Commit o'clock?",
      show: { line: 'git diff "${DELEGATE_VALUE_1}"', env: { DELEGATE_VALUE_1: "2" } },
      requiredApprovers: ["bob"],
      timeoutMs: null,
    });
  });

  it("may show nothing", () => {
    expect(new Simulation(flowOf([approve("a")])).work("a", "approve").show).toBeNull();
  });

  it("has a question with its options and who is asked first", () => {
    const step = ask("a", {
      question: "${{ inputs.n }}?",
      options: ["${{ inputs.word }}"],
      answer: "option",
    });
    const work = {
      kind: "ask",
      question: "2?",
      options: ["o'clock"],
      answer: "option",
      timeoutMs: null,
    };
    expect(new Simulation(flowOf([step]), inputs).work("a", "ask")).toEqual({
      ...work,
      foreman: null,
    });
    const asked = new Simulation(flowOf([{ ...step, foreman: "coder" }]), inputs);
    expect(asked.work("a", "ask").foreman).toBe("claude");
  });
});
