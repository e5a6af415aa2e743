import { describe, expect, it } from "vitest";
import { Simulation } from "./simulation.ts";
import { agent, flowOf, loop, run, subflow } from "./written-flow.ts";

const choosy = flowOf([run("x")], {
  name: "choosy",
  inputs: {
    type: "object",
    required: ["n"],
    properties: {
      n: { type: "integer", maximum: 3 },
      list: { type: "array", items: { type: "string" } },
    },
  },
});

describe("a subflow", () => {
  const inner = flowOf([run("greet", { command: ["${{ inputs.name }}", "${{ inputs.mark }}"] })], {
    inputs: { type: "object", properties: { name: {}, mark: { default: "!" } } },
    report: "said ${{ steps.greet.stdout }} in ${{ run.id }}",
  });

  it("gets inputs of its own, with their types and defaults, and gives its report", () => {
    const steps = [
      run("a"),
      subflow("sub", inner, { needs: ["a"], inputs: { name: "${{ steps.a.exitCode }}" } }),
      run("b", {
        needs: ["sub"],
        command: ["${{ steps.sub.report }}", "${{ steps.sub.steps.greet.exitCode }}"],
      }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("a", { exitCode: 0 });
    expect(flow.state("sub", "open").opened).toEqual({
      kind: "flow",
      inputs: { name: 0, mark: "!" },
    });
    expect(flow.work("sub.1.greet", "run").command).toEqual(["0", "!"]);
    flow.done("sub.1.greet", { stdout: "hi", exitCode: 7 });
    expect(flow.state("sub", "done").output).toEqual({ report: "said hi in 01abc" });
    expect(flow.work("b", "run").command).toEqual(["said hi in 01abc", "7"]);
  });

  it("does not see what is around it", () => {
    const blind = flowOf([run("greet", { command: ["${{ steps.a.exitCode }}${{ iteration }}"] })]);
    const inside = [run("a"), subflow("sub", blind, { needs: ["a"] })];
    const flow = new Simulation(flowOf([loop("l", inside)]));
    flow.done("l.1.a", { exitCode: 0 });
    expect(flow.state("l.1.sub.1.greet", "failed").failure.code).toBe("expression_failed");
    expect(flow.state("l.1.sub", "failed").failure.message).toMatch(/^"greet" failed: /);
  });

  it("has no report unless its flow has one", () => {
    const flow = new Simulation(flowOf([subflow("sub", flowOf([run("x")]))]));
    flow.done("sub.1.x");
    expect(flow.state("sub", "done").output).toEqual({ report: null });
  });

  it("fails when its report has no value", () => {
    const broken = flowOf([run("x")], { report: "${{ steps.x.nothing }}" });
    const flow = new Simulation(flowOf([subflow("sub", broken)]));
    flow.done("sub.1.x");
    expect(flow.state("sub", "failed").failure.message).toContain('in "report"');
    expect(flow.end).toMatchObject({ key: "sub" });
  });

  it("fails when an input has no value", () => {
    const flow = new Simulation(
      flowOf([subflow("sub", inner, { inputs: { name: "${{ inputs.x }}" } })]),
    );
    expect(flow.state("sub", "failed").failure.message).toContain('in "inputs.name"');
  });

  it.each([
    [{ n: "${{ 2 + 2 }}" }, 'the input "n" must be at most 3, not 4'],
    [{ n: "${{ 'two' }}" }, 'the input "n" must be a whole number, not a text'],
    [{ n: "${{ null }}" }, 'the input "n" must be a whole number, not null'],
    [
      { n: "${{ 9 }}", list: "${{ [1] }}" },
      'the input "n" must be at most 3, not 9; the input "list" at /0 must be a text, not the number 1',
    ],
  ])("fails with inputs %j, which are not as its flow wants them", (inputs, trouble) => {
    const flow = new Simulation(flowOf([subflow("sub", choosy, { inputs })]));
    const { code, message } = flow.state("sub", "failed").failure;
    expect([code, message]).toEqual([
      "expression_failed",
      `the flow "choosy" can't begin: ${trouble}`,
    ]);
  });

  it("begins when what nobody has to give has no value", () => {
    const inputs = { n: "${{ 3 }}", list: "${{ null }}" };
    const flow = new Simulation(flowOf([subflow("sub", choosy, { inputs })]));
    expect(flow.state("sub", "open").opened).toEqual({
      kind: "flow",
      inputs: { n: 3, list: null },
    });
  });

  it("is canceled when the flow around it fails", () => {
    const two = flowOf([run("x"), run("y", { needs: ["x"] })]);
    const flow = new Simulation(flowOf([run("a"), subflow("sub", two)]));
    flow.claim("sub.1.x");
    flow.fails("a");
    flow.finish("sub.1.x", { end: "done", output: {}, usage: null });
    expect(flow.status("sub.1.y")).toBe("skipped");
    expect(flow.status("sub")).toBe("canceled");
  });

  it("takes agents from the start, then from its own file", () => {
    const two = flowOf([agent("x"), agent("y", { agent: "reviewer" })], {
      agents: { coder: "codex", reviewer: "gemini" },
    });
    const flow = new Simulation(flowOf([subflow("sub", two)]), { agents: { coder: "claude" } });
    expect(flow.work("sub.1.x", "agent").agent).toBe("claude");
    expect(flow.work("sub.1.y", "agent").agent).toBe("gemini");
  });
});
