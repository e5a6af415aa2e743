import { describe, expect, it } from "vitest";
import { Simulation, approval, question } from "./simulation.ts";
import { agent, approve, ask, flowOf, forEach, loop, run } from "./written-flow.ts";

describe("needs", () => {
  it("lets everything begin at once that needs nothing", () => {
    const flow = new Simulation(flowOf([run("a"), run("b"), run("c", { needs: ["a", "b"] })]));
    expect(flow.keys("ready")).toEqual(["a", "b"]);
  });

  it("lets a step begin when all that it needs is settled", () => {
    const flow = new Simulation(flowOf([run("c", { needs: ["a", "b"] }), run("a"), run("b")]));
    flow.done("a");
    expect(flow.status("c")).toBeNull();
    flow.done("b");
    expect(flow.status("c")).toBe("ready");
    flow.done("c");
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("tells what happens, in order", () => {
    const flow = new Simulation(flowOf([run("a"), run("b", { needs: ["a"] })]));
    flow.done("a");
    flow.done("b");
    expect(flow.happenings.map(({ type }) => type)).toEqual([
      "step_ready",
      "step_started",
      "step_done",
      "step_ready",
      "step_started",
      "step_done",
      "flow_ended",
    ]);
  });

  it("tells of containers too", () => {
    const flow = new Simulation(flowOf([loop("l", [run("a")])]));
    flow.done("l.1.a");
    expect(
      flow.happenings.map((each) => ("key" in each ? `${each.type} ${each.key}` : each.type)),
    ).toEqual([
      "step_opened l",
      "step_ready l.1.a",
      "step_started l.1.a",
      "step_done l.1.a",
      "step_done l",
      "flow_ended",
    ]);
  });

  it("changes nothing of a flow run that has ended", () => {
    const flow = new Simulation(flowOf([run("a")]));
    flow.done("a");
    const { tree } = flow;
    flow.make([]);
    expect(flow.tree).toEqual(tree);
  });
});

describe("conditions", () => {
  it("skips a step whose condition is not true, and all that needs it", () => {
    const steps = [
      run("a", { when: "inputs.wanted" }),
      run("b", { needs: ["a"] }),
      run("c", { needs: ["b"] }),
    ];
    const flow = new Simulation(flowOf(steps), { inputs: { wanted: false } });
    expect(flow.state("a", "skipped").because).toBe('"inputs.wanted" is not true');
    expect(flow.state("c", "skipped").because).toBe('"b" was skipped');
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("asks a step with a condition of its own, even if a need was skipped", () => {
    const steps = [
      run("a", { when: "false" }),
      run("b", { needs: ["a"], when: 'steps.a.status == "skipped"' }),
    ];
    expect(new Simulation(flowOf(steps)).keys("ready")).toEqual(["b"]);
  });

  it("fails a step whose condition has no value, with the expression quoted", () => {
    const flow = new Simulation(flowOf([run("a", { when: "inputs.x" })]));
    const { failure } = flow.state("a", "failed");
    expect(failure.code).toBe("expression_failed");
    expect(failure.message).toContain('"inputs.x" in "when"');
    expect(flow.end).toMatchObject({ status: "failed", key: "a", failure });
  });

  it("fails a step whose condition is no condition", () => {
    const flow = new Simulation(flowOf([run("a", { when: "1 + 1" })]));
    expect(flow.state("a", "failed").failure.message).toContain("not true or false");
  });
});

describe("a failure", () => {
  it("begins nothing new, and waits for what runs", () => {
    const steps = [run("a"), run("b"), run("c", { needs: ["b"] }), run("d", { needs: ["a"] })];
    const flow = new Simulation(flowOf(steps));
    flow.claim("b");
    flow.fails("a");
    expect(flow.state("c", "skipped").because).toBe('"a" failed');
    expect(flow.status("d")).toBe("skipped");
    expect(flow.end).toBeNull();
    flow.finish("b", { end: "done", output: {}, usage: null });
    expect(flow.status("b")).toBe("done");
    expect(flow.end).toMatchObject({ status: "failed", key: "a" });
  });

  it("cancels what has not begun and what waits for people", () => {
    const flow = new Simulation(flowOf([run("a"), run("b"), approve("c"), ask("d"), agent("e")]));
    flow.waits("c", approval);
    flow.waits("d", question);
    flow.waits("e", { kind: "agent_questions", runId: "r", questionIds: ["q"] });
    flow.fails("a");
    expect(flow.keys("canceled")).toEqual(["b", "c", "d", "e"]);
    expect(flow.end?.status).toBe("failed");
  });

  it("cancels a step that comes to wait only after it", () => {
    const flow = new Simulation(flowOf([run("a"), approve("b")]));
    flow.claim("b");
    flow.fails("a");
    flow.finish("b", { end: "waiting", waiting: approval });
    expect(flow.status("b")).toBe("canceled");
    expect(flow.end?.status).toBe("failed");
  });

  it("lets the flow go on where the file says so", () => {
    const steps = [
      run("a", { onFailure: "continue" }),
      run("b", {
        needs: ["a"],
        command: "echo ${{ steps.a.exitCode }} ${{ steps.a.failure.message }}",
      }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.fails("a", "broken", false, { exitCode: 3 });
    expect(flow.work("b", "run").env).toEqual({
      DELEGATE_VALUE_1: "3",
      DELEGATE_VALUE_2: "broken",
    });
    flow.done("b");
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("waits for somebody to decide about a step whose end is unknown", () => {
    const flow = new Simulation(flowOf([run("a"), run("b", { recovery: "ask" })]));
    flow.claim("b");
    flow.recover("b");
    flow.fails("a");
    expect(flow.status("b")).toBe("undecided");
    expect(flow.end).toBeNull();
    flow.signal({ kind: "recover", key: "b", choice: "skip" });
    expect(flow.end?.status).toBe("failed");
  });

  it("names the first step in the file of several that failed", () => {
    const flow = new Simulation(flowOf([run("a"), run("b")]));
    flow.claim("a");
    flow.fails("b");
    flow.finish("a", {
      end: "failed",
      failure: { code: "timeout", message: "too slow", hint: "" },
      output: {},
      usage: null,
      isRetryable: false,
    });
    expect(flow.end).toMatchObject({ status: "failed", key: "a", failure: { code: "timeout" } });
  });

  it("stops everything inside the containers beside it", () => {
    const steps = [
      run("a"),
      loop("l", [run("x"), run("y", { needs: ["x"] })]),
      forEach("f", [run("z")], { limit: 1 }),
    ];
    const flow = new Simulation(flowOf(steps), { inputs: { items: [1, 2] } });
    flow.claim("l.1.x");
    flow.fails("a");
    expect(flow.status("l.1.y")).toBe("skipped");
    expect(flow.status("f.1.z")).toBe("canceled");
    expect(flow.status("f")).toBe("canceled");
    expect(flow.status("l")).toBe("open");
    flow.finish("l.1.x", { end: "done", output: {}, usage: null });
    expect(flow.status("l")).toBe("canceled");
    expect(flow.end).toMatchObject({ key: "a" });
  });
});
