import { describe, expect, it } from "vitest";
import { exhaustTask, mayReserve, reservationOf, usageOf } from "../../src/flows/tasks/budget.ts";
import { exitCodeOfStepFailure } from "../../src/flows/failure.ts";
import type { Budget } from "../../src/flows/flow.ts";
import { Simulation } from "./simulation.ts";
import { agent, flowOf, loop, run } from "./written-flow.ts";

const budget: Budget = {
  costUsd: 5,
  tokens: null,
  unknown: "free",
  reserve: { costUsd: 1, tokens: 100 },
};
const flow = flowOf([], { budget });
const none = { costUsd: 0, tokens: 0 };
const facts = (used: number, held: number, running: number) => ({
  used: { costUsd: used, tokens: 0 },
  held: { costUsd: held, tokens: 0 },
  running,
});

describe("what is reserved", () => {
  it("is what the step says, or else the budget", () => {
    expect(reservationOf(flow, agent("a"))).toEqual({ costUsd: 1, tokens: 100 });
    const own = agent("a", { reserve: { costUsd: 2, tokens: null } });
    expect(reservationOf(flow, own)).toEqual({ costUsd: 2, tokens: 0 });
  });

  it("is nothing for a command, or without a budget", () => {
    expect(reservationOf(flow, run("a"))).toBeNull();
    expect(reservationOf(flowOf([]), agent("a"))).toBeNull();
  });
});

describe("room in the budget", () => {
  const one = { costUsd: 1, tokens: 0 };

  it("is there as long as everything reserved fits", () => {
    expect(mayReserve(flow, one, facts(3, 1, 1))).toBe("yes");
    expect(mayReserve(flow, one, facts(3.5, 1, 1))).toBe("later");
    expect(mayReserve(flow, one, facts(4.5, 0, 0))).toBe("never");
  });

  it("is gone once all is used, whatever is reserved", () => {
    expect(mayReserve(flow, none, facts(4.9, 0, 0))).toBe("yes");
    expect(mayReserve(flow, none, facts(5, 0, 0))).toBe("never");
  });

  it("is there for what needs none", () => {
    expect(mayReserve(flow, null, facts(9, 0, 0))).toBe("yes");
    expect(mayReserve(flowOf([]), one, facts(9, 0, 0))).toBe("yes");
  });
});

describe("usage", () => {
  const strict = flowOf([], { budget: { ...budget, unknown: "fail" } });
  const careful = flowOf([], { budget: { ...budget, unknown: "reserved" } });

  it("is what the agent says", () => {
    const usage = { costUsd: 0.5, tokens: 20 };
    expect(usageOf(strict, agent("a"), usage)).toEqual({ used: usage, isMissing: false });
    expect(usageOf(flowOf([]), agent("a"), usage)).toEqual({ used: usage, isMissing: false });
  });

  it("counts as the file says when the agent says nothing", () => {
    expect(usageOf(flow, agent("a"), null)).toEqual({ used: none, isMissing: false });
    expect(usageOf(careful, agent("a"), null).used).toEqual({ costUsd: 1, tokens: 100 });
    const own = agent("a", { reserve: { costUsd: 2, tokens: null } });
    expect(usageOf(careful, own, { costUsd: null, tokens: 7 }).used).toEqual({
      costUsd: 2,
      tokens: 7,
    });
    expect(usageOf(strict, agent("a"), null).isMissing).toBe(true);
    expect(usageOf(flowOf([]), agent("a"), null)).toEqual({ used: none, isMissing: false });
  });

  it("is wanted only in the unit that is limited", () => {
    expect(usageOf(strict, agent("a"), { costUsd: 1, tokens: null }).isMissing).toBe(false);
  });

  it("is none of a command's business", () => {
    expect(usageOf(strict, run("a"), null)).toEqual({ used: none, isMissing: false });
  });
});

describe("a flow run with a budget", () => {
  it("counts what its steps use, also when they fail", () => {
    const spent = new Simulation(flowOf([agent("a"), agent("b")], { budget }));
    spent.claim("a");
    spent.finish("a", { end: "done", output: {}, usage: { costUsd: 1.5, tokens: 10 } });
    spent.claim("b");
    const failure = { code: "agent_failed", message: "no", hint: "" };
    const usage = { costUsd: 1, tokens: 5 };
    spent.finish("b", { end: "failed", failure, output: {}, usage, isRetryable: false });
    expect(spent.used).toEqual({ costUsd: 2.5, tokens: 15 });
  });

  it("fails a step that does not say what it used, when that must be known", () => {
    const spent = new Simulation(flowOf([agent("a")], { budget: { ...budget, unknown: "fail" } }));
    spent.done("a", { result: "ok" });
    expect(spent.state("a", "failed")).toMatchObject({
      output: { result: "ok" },
      failure: { code: "usage_unknown" },
    });
  });

  it("keeps the reason of a step that failed without saying what it used", () => {
    const spent = new Simulation(flowOf([agent("a")], { budget: { ...budget, unknown: "fail" } }));
    spent.fails("a", "broken");
    expect(spent.state("a", "failed").failure.message).toBe("broken");
  });

  it("fails once nothing runs when the budget is used up, whatever on-failure says", () => {
    const inside = [agent("a", { onFailure: "next-iteration" }), run("b")];
    const steps = [loop("l", inside, { onFailure: "continue" }), run("c", { needs: ["l"] })];
    const spent = new Simulation(flowOf(steps, { budget }));
    spent.claim("l.1.b");
    spent.make([exhaustTask(spent.tree, "l.1.a", { costUsd: 4.5, tokens: 0 })]);
    expect(spent.end).toBeNull();
    spent.finish("l.1.b", { end: "done", output: {}, usage: null });
    expect(spent.status("c")).toBe("skipped");
    expect(spent.end).toMatchObject({
      status: "failed",
      key: "l.1.a",
      failure: {
        code: "budget_exhausted",
        message: "the flow's budget is used up: $4.5 of $5 used, $1 to reserve",
      },
    });
    expect(exitCodeOfStepFailure("budget_exhausted")).toBe(8);
  });

  it("says what is left in tokens too", () => {
    const spent = new Simulation(
      flowOf([agent("a")], { budget: { ...budget, costUsd: null, tokens: 50 } }),
    );
    spent.make([exhaustTask(spent.tree, "a", { costUsd: 0, tokens: 49 })]);
    expect(spent.state("a", "failed").failure.message).toContain(
      "49 of 50 tokens used, 100 to reserve",
    );
    expect(exhaustTask(spent.tree, "a", none)).toBeNull();
  });
});
