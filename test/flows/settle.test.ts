import { describe, expect, it } from "vitest";
import { expireTask, claimTask, releaseTask } from "../../src/flows/tasks/claim.ts";
import { escalateTask } from "../../src/flows/tasks/escalate.ts";
import { jobOf } from "../../src/flows/tasks/job.ts";
import { MOST_TAKEOVERS, recoverTask } from "../../src/flows/tasks/recover.ts";
import { settleTask } from "../../src/flows/tasks/settle.ts";
import { Simulation, approval, approvedBy, evaluator, question } from "./simulation.ts";
import { agent, approve, ask, flowOf, forEach, loop, run } from "./written-flow.ts";

const retry = { attempts: 3, baseMs: 1000, maxMs: 1500 };

/** Loses a worker at this step, and then another one, so often. */
function loses(flow: Simulation, key: string, times: number): void {
  for (let time = 0; time < times; time += 1) {
    flow.claim(key);
    flow.recover(key);
  }
}

describe("what nobody decides", () => {
  const rules = { ageMinutes: 1, escalateTo: ["anna", "bob"] };
  /** To whom it goes at this time after it was asked, one after the other. */
  const goesTo = (flow: Simulation, afterMs: number): readonly string[] => {
    const told: string[] = [];
    for (;;) {
      const found = escalateTask(flow.tree, "ok", rules, flow.nowMs + afterMs);
      if (found === null) return told;
      told.push(found.to);
      flow.make([found.change]);
    }
  };

  it("goes to each in line when it is time, once, and goes on waiting", () => {
    const flow = new Simulation(flowOf([approve("ok", { timeoutMs: 1 })]));
    flow.waits("ok", approval);
    const before = flow.state("ok", "waiting");
    expect(goesTo(flow, 59_999)).toEqual([]);
    expect(goesTo(flow, 60_000)).toEqual(["anna"]);
    expect(flow.happenings.at(-1)).toEqual({ type: "step_escalated", key: "ok", to: "anna" });
    expect(goesTo(flow, 119_999)).toEqual([]);
    expect(goesTo(flow, 1_000_000)).toEqual(["bob"]);
    const asked = { atMs: flow.nowMs, goneTo: ["anna", "bob"] };
    expect(flow.state("ok", "waiting")).toEqual({ ...before, asked });
  });

  it("goes to all of them at once when nobody was there for long", () => {
    const flow = new Simulation(flowOf([ask("ok")]));
    flow.waits("ok", question);
    expect(goesTo(flow, 3_600_000)).toEqual(["anna", "bob"]);
  });

  it("goes nowhere when it is decided, or when an agent asks, which has a line of its own", () => {
    const flow = new Simulation(flowOf([approve("ok")]));
    flow.waits("ok", approval);
    flow.decide("ok", approvedBy("bob"));
    expect(goesTo(flow, 3_600_000)).toEqual([]);
    const asking = new Simulation(flowOf([agent("ok")]));
    asking.waits("ok", { kind: "agent_questions", runId: "r", questionIds: ["r.q1"] });
    expect(goesTo(asking, 3_600_000)).toEqual([]);
  });
});

describe("a retry", () => {
  it("comes later each time, and only as often as the file says", () => {
    const flow = new Simulation(flowOf([run("a", { retry })]));
    flow.fails("a", "busy", true);
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 2, dueAtMs: 1_000_500 });
    expect(flow.happenings.at(-1)).toMatchObject({
      type: "step_failed",
      attempt: 1,
      failure: { message: "busy" },
      retryAt: "1970-01-01T00:16:40.500Z",
    });
    flow.fails("a", "busy", true);
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 3, dueAtMs: 1_000_750 });
    flow.fails("a", "busy", true);
    expect(flow.state("a", "failed")).toMatchObject({ attempt: 3, failure: { message: "busy" } });
  });

  it("does not come after a failure that it can't help", () => {
    const flow = new Simulation(flowOf([run("a", { retry })]));
    flow.fails("a", "no such program", false);
    expect(flow.status("a")).toBe("failed");
  });

  it("does not come where nothing begins any more", () => {
    const flow = new Simulation(flowOf([run("a"), loop("l", [run("b", { retry })])]));
    flow.claim("l.1.b");
    flow.fails("a");
    const failure = { code: "command_failed", message: "busy", hint: "" };
    flow.finish("l.1.b", { end: "failed", failure, output: {}, usage: null, isRetryable: true });
    expect(flow.status("l.1.b")).toBe("failed");
  });

  it("comes twice more, at once, for what was cut off from outside", () => {
    const flow = new Simulation(flowOf([agent("a", { retry: { ...retry, attempts: 2 } })]));
    const failure = { code: "unreachable", message: "went away", hint: "" };
    const end = { end: "failed", failure, output: {}, usage: null, isRetryable: false } as const;
    for (const attempt of [2, 3, 4]) {
      flow.claim("a");
      flow.finish("a", { ...end, isCutOff: true });
      expect(flow.state("a", "ready")).toMatchObject({ attempt, dueAtMs: 1_000_000 });
    }
    flow.claim("a");
    flow.finish("a", { ...end, isCutOff: true });
    expect(flow.state("a", "failed")).toMatchObject({ attempt: 4, failure });
  });

  it("does not come by itself for what was cut off where people are to decide", () => {
    const flow = new Simulation(flowOf([agent("a", { recovery: "ask" })]));
    const failure = { code: "unreachable", message: "went away", hint: "" };
    const end = { end: "failed", failure, output: {}, usage: null, isRetryable: false } as const;
    flow.claim("a");
    flow.finish("a", { ...end, isCutOff: true });
    expect(flow.status("a")).toBe("failed");
  });

  it("forgets what was decided before", () => {
    const flow = new Simulation(flowOf([ask("a", { retry })]));
    flow.waits("a", question);
    flow.decide("a", { kind: "answered", by: "ann", answer: "x" });
    expect(flow.state("a", "ready").decision).toMatchObject({ answer: "x" });
    flow.fails("a", "busy", true);
    expect(flow.state("a", "ready").decision).toBeNull();
  });
});

describe("outputs", () => {
  it("are values of a step's own output and of what it sees", () => {
    const steps = [
      run("a"),
      forEach(
        "f",
        [run("b", { outputs: { sum: "output.exitCode + item + index + steps.a.exitCode" } })],
        { needs: ["a"], items: "[10]" },
      ),
      run("c", { needs: ["f"], command: ["${{ steps.f.items[0].steps.b.outputs.sum }}"] }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("a", { exitCode: 100 });
    flow.done("f.1.b", { exitCode: 1000 });
    expect(flow.state("f.1.b", "done").output).toEqual({ exitCode: 1000, outputs: { sum: 1111 } });
    expect(flow.work("c", "run").command).toEqual(["1111"]);
  });

  it("see the iteration and the one before", () => {
    const step = run("a", {
      outputs: { n: "iteration == 1 ? 10 : previous.a.outputs.n + 1" },
    });
    const flow = new Simulation(flowOf([loop("l", [step], { until: "iteration == 2" })]));
    flow.done("l.1.a");
    flow.done("l.2.a");
    expect(flow.state("l.2.a", "done").output).toEqual({ outputs: { n: 11 } });
  });

  it("may name the steps inside a container", () => {
    const steps = [
      loop("l", [run("a")], { outputs: { last: "output.steps.a.stdout" } }),
      run("b", { needs: ["l"], command: ["${{ steps.l.outputs.last }}"] }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("l.1.a", { stdout: "end" });
    expect(flow.work("b", "run").command).toEqual(["end"]);
  });

  it("fail the step when they have no value; its output stays", () => {
    const broken = { outputs: { x: "output.nothing" } };
    const flow = new Simulation(flowOf([run("a", { ...broken, retry })]));
    flow.done("a", { exitCode: 0 });
    expect(flow.state("a", "failed")).toMatchObject({
      output: { exitCode: 0 },
      failure: { code: "expression_failed" },
    });
    const container = new Simulation(flowOf([loop("l", [run("a")], broken)]));
    container.done("l.1.a");
    expect(container.state("l", "failed").failure.message).toContain('in "outputs.x"');
  });
});

describe("an execution that ends without an end of its step", () => {
  it("makes it wait, at most as long as its timeout says", () => {
    const flow = new Simulation(
      flowOf([approve("a", { timeoutMs: 5000 }), ask("b"), agent("c", { timeoutMs: 1 })]),
    );
    flow.waits("a", approval);
    flow.waits("b", question);
    flow.waits("c", { kind: "agent_questions", runId: "r1", questionIds: ["q"] });
    expect(flow.state("a", "waiting")).toMatchObject({ waiting: approval, dueAtMs: 1_005_000 });
    expect(flow.state("b", "waiting").dueAtMs).toBeNull();
    expect(flow.state("c", "waiting").dueAtMs).toBeNull();
    const told = flow.happenings.flatMap((each) =>
      each.type === "step_waiting" ? [each.what] : [],
    );
    expect(told).toEqual(["all right?", "which?", "answers to the questions of run r1"]);
  });

  it("fails it when nobody came in time", () => {
    const flow = new Simulation(flowOf([approve("a"), ask("b", { onFailure: "continue" })]));
    flow.waits("b", question);
    flow.make([expireTask(flow.tree, "b")]);
    expect(flow.state("b", "failed").failure).toMatchObject({
      code: "timeout",
      message: "nobody answered in time",
      hint: `delegate flow retry 01abc --from b asks again; in the flow's file, "timeout" of the step says how long it waits`,
    });
    expect(flow.decide("b", { kind: "answered", by: "bob", answer: "red" })).toEqual({
      kind: "refused",
      message: '"b" does not wait: it is failed',
      hint: "delegate flow retry 01abc --from b asks again",
    });
    flow.waits("a", approval);
    flow.make([expireTask(flow.tree, "a")]);
    expect(flow.state("a", "failed").failure.message).toBe(
      "nobody approved or rejected it in time",
    );
    expect(flow.decide("a", approvedBy("bob"))).toMatchObject({
      message: "the flow run has ended: failed",
      hint: "delegate flow retry 01abc --from a asks again",
    });
    flow.signal({ kind: "retry_from", key: "a" });
    flow.waits("a", approval);
    expect(flow.decide("a", approvedBy("bob"))).toEqual({ kind: "taken" });
  });

  it("gives it back when its worker wants to leave", () => {
    const flow = new Simulation(flowOf([run("a", { retry })]));
    flow.claim("a");
    const before = flow.happenings.length;
    flow.finish("a", { end: "canceled" });
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 1, lastAttempt: 3, dueAtMs: 0 });
    expect(flow.happenings.length).toBeGreaterThan(before);
    flow.claim("a");
    flow.make([releaseTask(flow.tree, "a")]);
    expect(flow.state("a", "ready").attempt).toBe(1);
  });

  it("begins it again as the same attempt when its worker died", () => {
    const flow = new Simulation(flowOf([agent("a", { retry })]));
    flow.claim("a");
    flow.recover("a");
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 1, lastAttempt: 3 });
    expect(flow.happenings.at(-1)).toEqual({
      type: "step_recovered",
      key: "a",
      attempt: 1,
      choice: "rerun",
    });
  });

  it("leaves it to somebody when its file says so", () => {
    const flow = new Simulation(flowOf([run("a", { recovery: "ask" })]));
    flow.claim("a");
    flow.recover("a");
    expect(flow.state("a", "undecided").attempt).toBe(1);
    expect(flow.happenings.at(-1)).toMatchObject({ type: "step_recovered", choice: "ask" });
  });

  it("fails it when it has lost worker after worker, also where it would be tried again", () => {
    const flow = new Simulation(flowOf([run("a", { retry }), run("b", { needs: ["a"] })]));
    loses(flow, "a", MOST_TAKEOVERS);
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 1, takeovers: MOST_TAKEOVERS });
    loses(flow, "a", 1);
    expect(flow.state("a", "failed").failure).toEqual({
      code: "worker_lost",
      message: "its worker died 51 times in the middle of it",
      hint: "see whether it needs more memory than there is, or ends processes that are not its own",
    });
    expect(flow.end).toMatchObject({ status: "failed", key: "a" });
  });

  it("has an agent's step taken up once more, only to end what the agent is at", () => {
    const flow = new Simulation(flowOf([agent("a"), run("b")]));
    loses(flow, "a", MOST_TAKEOVERS);
    flow.claim("a");
    expect(jobOf(flow.tree, "a")?.losses).toBeUndefined();
    flow.recover("a");
    flow.claim("a");
    expect(jobOf(flow.tree, "a")?.losses).toBe(MOST_TAKEOVERS + 1);
  });

  it("says which run its agent may be at when that is lost, too", () => {
    const flow = new Simulation(flowOf([agent("a")]));
    loses(flow, "a", MOST_TAKEOVERS + 2);
    expect(flow.state("a", "failed").failure.hint).toMatch(
      /; its agent may still be at work: delegate cancel [^ ]+\.a\.1\.1 ends it$/,
    );
  });

  it("counts anew after an end, a decision and going back", () => {
    const flow = new Simulation(flowOf([run("a", { retry })]));
    loses(flow, "a", MOST_TAKEOVERS);
    flow.fails("a", "again", true);
    loses(flow, "a", MOST_TAKEOVERS);
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 2, takeovers: MOST_TAKEOVERS });
    loses(flow, "a", 1);
    flow.signal({ kind: "retry_from", key: "a" });
    expect(flow.state("a", "ready").takeovers).toBeUndefined();

    const asking = new Simulation(flowOf([approve("ok")]));
    loses(asking, "ok", MOST_TAKEOVERS);
    asking.waits("ok", approval);
    asking.decide("ok", approvedBy("bob"));
    expect(asking.state("ok", "ready").takeovers).toBeUndefined();
  });

  it("does not count workers that leave in good order", () => {
    const flow = new Simulation(flowOf([run("a")]));
    for (let time = 0; time <= MOST_TAKEOVERS; time += 1) {
      flow.claim("a");
      flow.make(recoverTask(flow.tree, "a", "left").changes);
    }
    expect(flow.state("a", "ready").takeovers).toBeUndefined();
    loses(flow, "a", 1);
    flow.claim("a");
    flow.make([releaseTask(flow.tree, "a")]);
    expect(flow.state("a", "ready").takeovers).toBe(1);
  });

  it("takes what was held back for an agent from the budget when it is given up", () => {
    const budget = {
      costUsd: 5,
      tokens: null,
      unknown: "reserved",
      reserve: { costUsd: 2, tokens: null },
    } as const;
    const flow = new Simulation(flowOf([agent("a")], { budget }));
    loses(flow, "a", MOST_TAKEOVERS + 1);
    expect(flow.used.costUsd).toBe(0);
    loses(flow, "a", 1);
    expect(flow.used.costUsd).toBe(2);
  });

  it("cancels it when nobody wants the flow run any more", () => {
    const flow = new Simulation(flowOf([run("a")]));
    loses(flow, "a", MOST_TAKEOVERS);
    flow.claim("a");
    flow.signal({ kind: "cancel", by: "bob", reason: null });
    flow.recover("a");
    expect(flow.status("a")).toBe("canceled");
  });
});

describe("a task that is not there to be taken", () => {
  it("changes nothing", () => {
    const { tree } = new Simulation(flowOf([run("a"), run("b", { needs: ["a"] })]));
    const tools = { evaluator, nowMs: 0, random: 0 };
    for (const key of ["a", "b", "c"]) {
      const end = { end: "done", output: {}, usage: null } as const;
      expect(settleTask(tree, key, end, tools)).toEqual({
        changes: [],
        used: { costUsd: 0, tokens: 0 },
      });
      expect(releaseTask(tree, key)).toBeNull();
      expect(expireTask(tree, key)).toBeNull();
      expect(recoverTask(tree, key, "gone").changes).toEqual([]);
      expect(jobOf(tree, key)).toBeNull();
    }
    expect(claimTask(tree, "b", "w")).toBeNull();
  });
});

describe("a job", () => {
  it("is all that a worker has to know", () => {
    const flow = new Simulation(flowOf([loop("l", [agent("a")])]));
    flow.claim("l.1.a");
    expect(jobOf(flow.tree, "l.1.a")).toMatchObject({
      flowRunId: "01abc",
      cwd: "/work",
      author: "ann",
      key: "l.1.a",
      stepId: "a",
      attempt: 1,
      runId: "01abc.a.1.1",
      work: { kind: "agent", task: "do it" },
      decision: null,
    });
  });

  it("tells within which run the flow was started, if an agent did that", () => {
    const flow = new Simulation(flowOf([agent("a")]), { parentRunId: "above" });
    flow.claim("a");
    expect(jobOf(flow.tree, "a")).toMatchObject({ parentRunId: "above" });
  });
});
