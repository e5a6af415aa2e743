import { describe, expect, test } from "vitest";
import { findStep } from "../../src/flows/view/find-step.ts";
import { stateOf } from "./flat-state.ts";
import type { Task } from "../../src/flows/task.ts";
import { Simulation, approval } from "./simulation.ts";
import { approve, flowOf, forEach, loop, run } from "./written-flow.ts";

const waits = ({ status }: Task): boolean => status === "waiting";

function find(simulation: Simulation, word: string, isWanted = waits) {
  return findStep(stateOf(simulation.tree), word, isWanted);
}

describe("a step that somebody names", () => {
  test("is the one with this key or id", () => {
    const simulation = new Simulation(flowOf([run("a"), approve("ok")]));
    simulation.waits("ok", approval);
    expect(find(simulation, "ok")).toEqual({ kind: "found", key: "ok" });
    expect(find(simulation, "a")).toEqual({ kind: "found", key: "a" });
  });

  test("is of the iterations of a loop the last one, unless another one is named whole", () => {
    const flow = flowOf([
      loop("work", [approve("ok", { onFailure: "next-iteration" })], { until: "true" }),
    ]);
    const simulation = new Simulation(flow);
    simulation.waits("work.1.ok", approval);
    simulation.decide("work.1.ok", { kind: "rejected", by: "eva", note: null, digest: "d1" });
    simulation.fails("work.1.ok", "no");
    simulation.waits("work.2.ok", approval);
    expect(find(simulation, "ok")).toEqual({ kind: "found", key: "work.2.ok" });
    expect(find(simulation, "work.1.ok")).toEqual({ kind: "found", key: "work.1.ok" });
    expect(find(simulation, "work.3.ok")).toEqual({ kind: "found", key: "work.3.ok" });
  });

  test("is of several items the one that is wanted, if there is only one", () => {
    const flow = flowOf([forEach("each", [approve("ok")], { items: "[1, 2]" })]);
    const simulation = new Simulation(flow);
    const both = { kind: "ambiguous", keys: ["each.1.ok", "each.2.ok"] };
    expect(find(simulation, "ok")).toEqual(both);
    simulation.waits("each.2.ok", approval);
    expect(find(simulation, "ok")).toEqual({ kind: "found", key: "each.2.ok" });
    simulation.waits("each.1.ok", approval);
    expect(find(simulation, "ok")).toEqual(both);
  });

  test("may be one that has not begun", () => {
    const flow = flowOf([run("a"), loop("work", [run("b")], { needs: ["a"] })]);
    expect(find(new Simulation(flow), "b")).toEqual({ kind: "found", key: "work.1.b" });
  });

  test("may be a slip of the pen", () => {
    const simulation = new Simulation(flowOf([loop("work", [run("verify")])]));
    expect(find(simulation, "verfy")).toEqual({ kind: "unknown", nearest: "verify" });
    expect(find(simulation, "work.1.other")).toEqual({ kind: "unknown", nearest: null });
  });
});

test("an iteration that was forgotten by going back is not the last one", () => {
  const simulation = new Simulation(
    flowOf([loop("l", [run("x")], { max: 2, until: "iteration == 2" })]),
  );
  simulation.done("l.1.x");
  simulation.done("l.2.x");
  simulation.signal({ kind: "retry_from", key: "l.1.x" });
  expect(findStep(stateOf(simulation.tree), "x", () => false)).toEqual({
    kind: "found",
    key: "l.1.x",
  });
});
