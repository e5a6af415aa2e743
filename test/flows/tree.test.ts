import { describe, expect, it } from "vitest";
import { applyChanges, treeOf } from "../../src/flows/tree/apply.ts";
import type { FlowChange } from "../../src/flows/tree/change.ts";
import { stateOf } from "./flat-state.ts";
import { flowStatusOf } from "../../src/flows/store/flow-status.ts";
import { next } from "../../src/flows/next.ts";
import { stepAt, taskAt } from "../../src/flows/tree/place.ts";
import { agentRunIdOf } from "../../src/flows/tasks/agent-run-id.ts";
import { reportOf } from "../../src/flows/report.ts";
import { scopeOf, sightAt } from "../../src/flows/tree/sight.ts";
import { viewOf } from "../../src/flows/tree/step-view.ts";
import { Simulation, approval, evaluator } from "./simulation.ts";
import { approve, flowOf, forEach, loop, requestOf, run, subflow } from "./written-flow.ts";

const skip = (key: string, stepId: string): FlowChange => ({
  kind: "task",
  key,
  stepId,
  state: { status: "skipped", attempt: 0, because: "", passesOn: true },
  happenings: [],
});

describe("a tree", () => {
  const { tree } = new Simulation(flowOf([run("a"), loop("l", [run("b")])]));

  it("is the same after it was kept flat, whatever the order of its tasks", () => {
    const { tasks, ...rest } = stateOf(tree);
    expect([...tasks.keys()]).toEqual(["a", "l", "l.1.b"]);
    expect(treeOf({ ...rest, tasks: new Map([...tasks].toReversed()) })).toEqual(tree);
  });

  it("shares what has not changed", () => {
    const after = applyChanges(tree, [skip("l.1.b", "b")]);
    expect(after.root.tasks.get("a")).toBe(tree.root.tasks.get("a"));
    expect(applyChanges(tree, []).root).toBe(tree.root);
  });

  it("takes no tasks that its flow does not have", () => {
    expect(() => applyChanges(tree, [skip("x", "x")])).toThrow("step x");
    const empty = treeOf({ ...stateOf(tree), tasks: new Map() });
    expect(() => applyChanges(empty, [skip("l.1.b", "b")])).toThrow("inside l");
    expect(() => agentRunIdOf(tree.request.flow, "01abc", "x", 1)).toThrow("no step at x");
  });

  it("takes no container that was opened as another", () => {
    const flow = flowOf([forEach("f", [run("a")])]);
    const opened = { kind: "loop" } as const;
    const open = { status: "open", attempt: 1, opened } as const;
    const tasks = new Map([["f", { key: "f", stepId: "f", ...open }]]);
    const broken = treeOf({ request: requestOf(flow), tasks, cancel: null, end: null });
    expect(() => next(broken, evaluator)).toThrow("f is a for-each and was opened as a loop");
  });

  it("needs a step that can be the first", () => {
    const circle = [run("a", { needs: ["b"] }), run("b", { needs: ["a"] })];
    expect(() => new Simulation(flowOf([loop("l", circle)]))).toThrow("no step of l");
  });

  it("is over at once when there are no steps", () => {
    expect(new Simulation(flowOf([])).end).toEqual({ status: "complete" });
  });
});

describe("a place", () => {
  const flow = flowOf([loop("l", [run("a")]), subflow("s", flowOf([run("b")]))]);

  it("names a step", () => {
    expect(stepAt(flow, "l")?.kind).toBe("loop");
    expect(stepAt(flow, "l.7.a")?.id).toBe("a");
    expect(stepAt(flow, "s.1.b")?.id).toBe("b");
  });

  it("may be none", () => {
    for (const key of ["", "x", "l.1", "l.1.x", "l.1.a.1.b"]) expect(stepAt(flow, key)).toBeNull();
    const { tree } = new Simulation(flow);
    for (const key of ["", "x", "l.1", "l.2.a", "l.1.a.1.b"]) expect(taskAt(tree, key)).toBeNull();
    expect(taskAt(tree, "l.1.a")?.state.status).toBe("ready");
  });
});

describe("what is seen", () => {
  it("is what there is at a place, as far as it is open", () => {
    const flow = new Simulation(flowOf([forEach("f", [run("a")], { items: "[7]" })]));
    expect(scopeOf(sightAt(flow.tree, "f.1.a"))).toEqual({
      inputs: {},
      item: 7,
      index: 1,
      steps: {},
      run: { id: "01abc", cwd: "/work", author: "ann" },
    });
    flow.done("f.1.a");
    const seen = scopeOf(sightAt(flow.tree, "f.1.a"));
    expect(seen).not.toHaveProperty("item");
    expect(seen["steps"]).toMatchObject({ f: { count: 1 }, a: { status: "done" } });
    expect(scopeOf(sightAt(flow.tree, "x.1.y"))).not.toHaveProperty("index");
  });

  it("has nothing of what is missing in an output of another version", () => {
    const done = { status: "done", attempt: 1 } as const;
    expect(viewOf("for-each", { ...done, output: {} }, [])).toEqual({ status: "done", items: [] });
    expect(viewOf("for-each", { ...done, output: { items: [1] } }, [])).toEqual({
      status: "done",
      items: [{ steps: {} }],
    });
  });
});

describe("how a flow run stands", () => {
  it("is waiting only when nothing else can go on", () => {
    const flow = new Simulation(flowOf([run("a"), loop("l", [approve("ok")])]));
    flow.waits("l.1.ok", approval);
    expect(flowStatusOf(flow.tree)).toBe("running");
    flow.done("a");
    expect(flowStatusOf(flow.tree)).toBe("waiting");
    flow.signal({ kind: "cancel", by: "ann", reason: null });
    expect(flowStatusOf(flow.tree)).toBe("canceled");
  });

  it("is running before anything has begun", () => {
    const request = requestOf(flowOf([run("a")]));
    const tree = treeOf({ request, tasks: new Map(), cancel: null, end: null });
    expect(flowStatusOf(tree)).toBe("running");
  });
});

describe("the report", () => {
  it("tells what the steps have given", () => {
    const flow = new Simulation(flowOf([run("a")], { report: "exit ${{ steps.a.exitCode }}" }));
    expect(reportOf(flow.tree, evaluator)).toMatchObject({
      ok: false,
      failure: { code: "expression_failed" },
    });
    flow.done("a", { exitCode: 0 });
    expect(reportOf(flow.tree, evaluator)).toEqual({ ok: true, value: "exit 0" });
  });

  it("is none when the flow has none", () => {
    expect(reportOf(new Simulation(flowOf([run("a")])).tree, evaluator)).toEqual({
      ok: true,
      value: null,
    });
  });
});
