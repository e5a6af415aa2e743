import { describe, expect, it } from "vitest";
import { Simulation, approval } from "./simulation.ts";
import { agent, approve, flowOf, forEach, loop, run } from "./written-flow.ts";

const until = "steps.review.data.approved";
const review = agent("review", { needs: ["code"] });

describe("a loop", () => {
  it("goes on until its condition is true", () => {
    const steps = [loop("work", [agent("code"), review], { until }), run("b", { needs: ["work"] })];
    const flow = new Simulation(flowOf(steps));
    flow.done("work.1.code");
    flow.done("work.1.review", { data: { approved: false } });
    expect(flow.keys("ready")).toEqual(["work.2.code"]);
    flow.done("work.2.code");
    expect(flow.status("b")).toBeNull();
    flow.done("work.2.review", { data: { approved: true } });
    expect(flow.state("work", "done").output).toEqual({ iterations: 2, done: true });
    expect(flow.status("b")).toBe("ready");
  });

  it("shows later steps the steps of its last iteration", () => {
    const steps = [
      loop("work", [agent("code")], { until: "iteration == 2" }),
      run("b", { needs: ["work"], command: ["${{ steps.work.steps.code.result }}"] }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("work.1.code", { result: "first" });
    flow.done("work.2.code", { result: "second" });
    expect(flow.work("b", "run").command).toEqual(["second"]);
  });

  it("shows an iteration what the one before it gave, and the first one nothing", () => {
    const code = agent("code", { task: "${{ iteration }}: ${{ previous.review.data.critiques }}" });
    const flow = new Simulation(flowOf([loop("work", [code, review], { until })]));
    expect(flow.work("work.1.code", "agent").task).toBe("1: ");
    flow.done("work.1.code");
    flow.done("work.1.review", { data: { approved: false, critiques: ["too long"] } });
    expect(flow.work("work.2.code", "agent").task).toBe('2: ["too long"]');
  });

  it("fails when its iterations are used up", () => {
    const flow = new Simulation(flowOf([loop("work", [run("a")], { max: 2, until: "false" })]));
    flow.done("work.1.a");
    flow.done("work.2.a");
    const { failure, output } = flow.state("work", "failed");
    expect(failure.code).toBe("loop_exhausted");
    expect(failure.message).toBe('after 2 iterations "false" is still not true');
    expect(output).toEqual({ iterations: 2, done: false });
    expect(flow.end).toMatchObject({ status: "failed", key: "work", failure });
  });

  it("may get its most iterations from an expression, when it begins", () => {
    const steps = [
      run("a"),
      loop("work", [run("b")], { needs: ["a"], max: "steps.a.exitCode + 1", until: "false" }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("a", { exitCode: 1 });
    expect(flow.state("work", "open").opened).toEqual({ kind: "loop", max: 2 });
    flow.done("work.1.b");
    flow.done("work.2.b");
    expect(flow.state("work", "failed").failure.message).toContain("after 2 iterations");
  });

  it.each([
    ["0", "its value is 0, and a whole number from 1 to 1000 is needed"],
    ["1.5", "its value is 1.5, and a whole number from 1 to 1000 is needed"],
    ["1001", "its value is 1001, and a whole number from 1 to 1000 is needed"],
    ['"many"', "its value is not a number"],
    ["inputs.missing", "fails"],
  ])("fails before its first iteration when the most are %s", (max, message) => {
    const flow = new Simulation(flowOf([loop("work", [run("a")], { max })]));
    const { failure } = flow.state("work", "failed");
    expect(failure.code).toBe("expression_failed");
    expect(failure.message).toContain(`the expression "${max}" in "max" fails: `);
    expect(failure.message).toContain(message);
    expect(flow.status("work.1.a")).toBeNull();
  });

  it("that an older version has opened goes on with the number of its file", () => {
    const flow = new Simulation(flowOf([loop("work", [run("a")], { max: 2, until: "false" })]));
    const opened = { kind: "loop" } as const;
    const state = { status: "open", attempt: 1, opened } as const;
    flow.make([{ kind: "task", key: "work", stepId: "work", state, happenings: [] }]);
    flow.done("work.1.a");
    flow.done("work.2.a");
    expect(flow.state("work", "failed").failure.code).toBe("loop_exhausted");
  });

  it("says 1 iteration of a loop that had only one", () => {
    const flow = new Simulation(flowOf([loop("work", [run("a")], { max: 1, until: "false" })]));
    flow.done("work.1.a");
    expect(flow.state("work", "failed").failure.message).toContain("after 1 iteration ");
  });

  it("fails when a step in it does", () => {
    const flow = new Simulation(flowOf([loop("work", [run("a")])]));
    flow.fails("work.1.a", "broken");
    const { failure } = flow.state("work", "failed");
    expect(failure.code).toBe("step_failed");
    expect(failure.message).toBe('"a" failed in iteration 1: broken');
    expect(flow.end).toMatchObject({ key: "work.1.a", failure: { code: "command_failed" } });
  });

  it("fails when its condition has no value or is none", () => {
    for (const broken of ["steps.a.nothing", "1 + 1"]) {
      const flow = new Simulation(flowOf([loop("work", [run("a")], { until: broken })]));
      flow.done("work.1.a");
      const { failure } = flow.state("work", "failed");
      expect(failure.code).toBe("expression_failed");
      expect(failure.message).toContain(`"${broken}" in "until"`);
    }
  });

  it("comes to its end at once when all its steps are skipped", () => {
    const flow = new Simulation(flowOf([loop("work", [run("a", { when: "false" })])]));
    expect(flow.end).toEqual({ status: "complete" });
  });
});

describe("a step that wants the next iteration", () => {
  const verify = run("verify", { needs: ["code"], onFailure: "next-iteration" });
  const code = agent("code", {
    task: "${{ previous.verify.failure.message }} ${{ previous.verify.stdout }}",
  });

  it("skips the rest, and the next iteration sees why", () => {
    const last = run("last", { needs: ["verify"] });
    const flow = new Simulation(flowOf([loop("work", [code, verify, last])]));
    flow.done("work.1.code");
    flow.fails("work.1.verify", "exit code 1", false, { stdout: "2 tests failed" });
    expect(flow.status("work.1.last")).toBe("skipped");
    expect(flow.work("work.2.code", "agent").task).toBe("exit code 1 2 tests failed");
  });

  it("waits for what runs in the same iteration", () => {
    const flow = new Simulation(flowOf([loop("work", [code, verify, run("slow")])]));
    flow.claim("work.1.slow");
    flow.done("work.1.code");
    flow.fails("work.1.verify");
    expect(flow.status("work.2.code")).toBeNull();
    flow.finish("work.1.slow", { end: "done", output: {}, usage: null });
    expect(flow.status("work.2.code")).toBe("ready");
  });

  it("fails the loop in its last iteration", () => {
    const flow = new Simulation(flowOf([loop("work", [code, verify], { max: 1 })]));
    flow.done("work.1.code");
    flow.fails("work.1.verify", "exit code 1");
    expect(flow.state("work", "failed").failure).toMatchObject({
      code: "loop_exhausted",
      message: 'after 1 iteration the last one failed: "verify": exit code 1',
    });
  });

  it("gives way to a step that fails the loop", () => {
    const flow = new Simulation(flowOf([loop("work", [code, verify, run("hard")])]));
    flow.claim("work.1.hard");
    flow.done("work.1.code");
    flow.fails("work.1.verify");
    const failure = { code: "command_failed", message: "gone", hint: "" };
    flow.finish("work.1.hard", {
      end: "failed",
      failure,
      output: {},
      usage: null,
      isRetryable: false,
    });
    expect(flow.state("work", "failed").failure.message).toContain('"hard" failed');
    expect(flow.end).toMatchObject({ key: "work.1.hard" });
  });

  it("reaches the loop around a for-each", () => {
    const lint = run("lint", { onFailure: "next-iteration" });
    const inside = [
      forEach("files", [lint], { items: "[1, 2]" }),
      run("after", { needs: ["files"] }),
    ];
    const flow = new Simulation(flowOf([loop("work", inside)]));
    flow.fails("work.1.files.1.lint");
    flow.done("work.1.files.2.lint");
    expect(flow.status("work.1.files")).toBe("failed");
    expect(flow.status("work.1.after")).toBe("skipped");
    expect(flow.keys("ready")).toEqual(["work.2.files.1.lint", "work.2.files.2.lint"]);
  });

  it("does not reach further than the for-each says", () => {
    const lint = run("lint", { onFailure: "next-iteration" });
    const inside = [forEach("files", [lint], { items: "[1]", onFailure: "continue" })];
    const flow = new Simulation(flowOf([loop("work", inside)]));
    flow.fails("work.1.files.1.lint");
    expect(flow.state("work", "done").output).toEqual({ iterations: 1, done: true });
  });

  it("gives way to an item that fails the loop", () => {
    const inside = [
      run("lint", { onFailure: "next-iteration", when: "item == 1" }),
      run("hard", { when: "item == 2" }),
    ];
    const flow = new Simulation(
      flowOf([loop("work", [forEach("files", inside, { items: "[1, 2]" })])]),
    );
    flow.claim("work.1.files.2.hard");
    flow.fails("work.1.files.1.lint", "untidy");
    const failure = { code: "command_failed", message: "gone", hint: "" };
    flow.finish("work.1.files.2.hard", {
      end: "failed",
      failure,
      output: {},
      usage: null,
      isRetryable: false,
    });
    expect(flow.status("work")).toBe("failed");
    expect(flow.end).toMatchObject({ key: "work.1.files.2.hard", failure });
  });

  it("fails the flow where there is no loop", () => {
    const lint = run("lint", { onFailure: "next-iteration" });
    const flow = new Simulation(flowOf([forEach("files", [lint], { items: "[1, 2]" })]));
    flow.done("files.1.lint");
    flow.fails("files.2.lint", "untidy");
    expect(flow.end).toMatchObject({ status: "failed", key: "files.2.lint" });
  });
});

describe("a loop that is stopped", () => {
  it("is canceled once its iteration is over, and begins no other", () => {
    const verify = run("verify", { onFailure: "next-iteration" });
    const flow = new Simulation(flowOf([run("a"), loop("work", [verify])]));
    flow.claim("work.1.verify");
    flow.fails("a");
    const failure = { code: "command_failed", message: "no", hint: "" };
    flow.finish("work.1.verify", {
      end: "failed",
      failure,
      output: {},
      usage: null,
      isRetryable: false,
    });
    expect(flow.status("work")).toBe("canceled");
    expect(flow.end).toMatchObject({ key: "a" });
  });

  it("has failed itself when a step in it fails meanwhile", () => {
    const flow = new Simulation(flowOf([run("a"), loop("work", [run("b")])]));
    flow.claim("work.1.b");
    flow.fails("a");
    const failure = { code: "command_failed", message: "no", hint: "" };
    flow.finish("work.1.b", { end: "failed", failure, output: {}, usage: null, isRetryable: true });
    expect(flow.status("work")).toBe("failed");
    expect(flow.end).toMatchObject({ key: "a" });
  });

  it("cancels an approval deep inside", () => {
    const flow = new Simulation(flowOf([run("a"), loop("work", [approve("ok")])]));
    flow.waits("work.1.ok", approval);
    flow.fails("a");
    expect(flow.status("work.1.ok")).toBe("canceled");
    expect(flow.end?.status).toBe("failed");
  });
});
