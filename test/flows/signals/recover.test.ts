import { describe, expect, it } from "vitest";
import { Simulation, approval } from "../simulation.ts";
import { approve, flowOf, run } from "../written-flow.ts";

function undecided(): Simulation {
  const steps = [run("push", { recovery: "ask" }), run("next", { needs: ["push"] }), approve("ok")];
  const flow = new Simulation(flowOf(steps));
  flow.claim("push");
  flow.recover("push");
  return flow;
}

describe("deciding about a step whose end is unknown", () => {
  it("may have it done again, as the same attempt", () => {
    const flow = undecided();
    expect(flow.signal({ kind: "recover", key: "push", choice: "rerun" })).toEqual({
      kind: "taken",
    });
    expect(flow.state("push", "ready")).toMatchObject({ attempt: 1, lastAttempt: 1 });
    expect(flow.happenings.at(-1)).toEqual({
      type: "step_recovered",
      key: "push",
      attempt: 1,
      choice: "rerun",
    });
  });

  it("may leave it, and the steps after it go on", () => {
    const flow = undecided();
    expect(flow.signal({ kind: "recover", key: "push", choice: "skip" })).toEqual({
      kind: "taken",
    });
    expect(flow.state("push", "skipped").passesOn).toBe(false);
    expect(flow.status("next")).toBe("ready");
  });

  it("is refused for any other step, naming those that it is for", () => {
    const flow = undecided();
    flow.waits("ok", approval);
    expect(flow.signal({ kind: "recover", key: "ok", choice: "skip" })).toEqual({
      kind: "refused",
      message: 'nobody has to decide about "ok"',
      hint: "the end of these is unknown: push",
    });
    flow.signal({ kind: "recover", key: "push", choice: "rerun" });
    expect(flow.signal({ kind: "recover", key: "push", choice: "rerun" })).toMatchObject({
      kind: "refused",
      hint: "no step of this flow run has an unknown end",
    });
  });

  it("names at most five", () => {
    const steps = [1, 2, 3, 4, 5, 6].map((n) => run(`a${n}`, { recovery: "ask" }));
    const flow = new Simulation(flowOf(steps));
    for (const { id } of steps) {
      flow.claim(id);
      flow.recover(id);
    }
    expect(flow.signal({ kind: "recover", key: "no", choice: "skip" })).toMatchObject({
      hint: "the end of these is unknown: a1, a2, a3, a4, a5",
    });
  });
});
