import { describe, expect, it } from "vitest";
import { jobOf } from "../../../src/flows/tasks/job.ts";
import { Simulation, approval, approvedBy } from "../simulation.ts";
import { agent, approve, flowOf, forEach, loop, run, subflow } from "../written-flow.ts";

const taken = { kind: "taken" };
const from = (key: string) => ({ kind: "retry_from", key }) as const;

describe("going back to a step", () => {
  it("does it again with all that needs it, and leaves the rest", () => {
    const steps = [
      run("a"),
      run("b", { needs: ["a"] }),
      run("c", { needs: ["b"] }),
      run("other", { needs: ["a"] }),
    ];
    const flow = new Simulation(flowOf(steps));
    for (const key of ["a", "b", "c", "other"]) flow.done(key);
    expect(flow.end).toEqual({ status: "complete" });
    expect(flow.signal(from("b"))).toEqual(taken);
    expect(flow.end).toBeNull();
    expect(flow.keys("ready")).toEqual(["b"]);
    expect(flow.keys("forgotten")).toEqual(["c"]);
    expect(flow.keys("done")).toEqual(["a", "other"]);
    flow.done("b");
    flow.done("c");
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("is a new attempt, and so a new run of an agent, with all its retries", () => {
    const retry = { attempts: 2, baseMs: 1000, maxMs: 9000 };
    const flow = new Simulation(flowOf([agent("a", { retry })]));
    flow.fails("a", "busy", true);
    flow.fails("a", "busy", true);
    flow.signal(from("a"));
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 3, lastAttempt: 4 });
    flow.claim("a");
    expect(jobOf(flow.tree, "a")?.runId).toBe("01abc.a.1.3");
    const failure = { code: "timeout", message: "late", hint: "" };
    flow.finish("a", { end: "failed", failure, output: {}, usage: null, isRetryable: true });
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 4, dueAtMs: flow.nowMs + 500 });
  });

  it("tries again what came to nothing beside it", () => {
    const steps = [
      run("a"),
      run("failed"),
      run("fine"),
      run("gone-on", { onFailure: "continue" }),
      run("unwanted", { when: "false" }),
      run("last", { needs: ["failed"] }),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("fine");
    flow.fails("gone-on");
    flow.claim("a");
    flow.fails("failed");
    flow.finish("a", { end: "done", output: {}, usage: null });
    expect(flow.end?.status).toBe("failed");
    flow.signal(from("a"));
    expect(flow.keys("ready")).toEqual(["a", "failed"]);
    expect(flow.keys("done", "failed")).toEqual(["fine", "gone-on"]);
    expect(flow.keys("forgotten")).toEqual(["last"]);
    expect(flow.keys("skipped")).toEqual(["unwanted"]);
  });

  it("goes on with a flow run that was canceled", () => {
    const flow = new Simulation(flowOf([run("a"), run("b"), run("c", { needs: ["b"] })]));
    flow.done("a");
    flow.signal({ kind: "cancel", by: "ann", reason: null });
    expect(flow.end?.status).toBe("canceled");
    flow.signal(from("b"));
    expect(flow.tree.cancel).toBeNull();
    expect(flow.keys("ready")).toEqual(["b"]);
    flow.done("b");
    flow.done("c");
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("leaves a step that somebody decided to leave", () => {
    const flow = new Simulation(
      flowOf([run("push", { recovery: "ask" }), run("b", { needs: ["push"] })]),
    );
    flow.claim("push");
    flow.recover("push");
    flow.signal({ kind: "recover", key: "push", choice: "skip" });
    flow.fails("b");
    flow.signal(from("b"));
    expect(flow.status("push")).toBe("skipped");
    expect(flow.keys("ready")).toEqual(["b"]);
  });

  it("asks again for an approval that came from it, and keeps others waiting", () => {
    const steps = [run("a"), approve("ok", { needs: ["a"] }), approve("beside")];
    const flow = new Simulation(flowOf(steps));
    flow.done("a");
    flow.waits("ok", approval);
    flow.waits("beside", approval);
    expect(flow.signal(from("a"))).toEqual(taken);
    expect(flow.decide("ok", approvedBy("bob")).kind).toBe("refused");
    flow.done("a");
    expect(flow.status("beside")).toBe("waiting");
    flow.waits("ok", approval);
    expect(flow.state("ok", "waiting").attempt).toBe(2);
  });
});

function looped(): Simulation {
  const inside = [run("code"), run("review", { needs: ["code"] }), run("side")];
  const steps = [
    loop("work", inside, { max: 3, until: "iteration == 3" }),
    run("after", { needs: ["work"] }),
  ];
  const flow = new Simulation(flowOf(steps));
  for (const n of [1, 2, 3]) {
    for (const id of ["code", "review", "side"])
      flow.done(`work.${n}.${id}`, { stdout: `${id} ${n}` });
  }
  flow.done("after");
  return flow;
}

describe("going back into a loop", () => {
  it("forgets later iterations and later steps around it", () => {
    const flow = looped();
    flow.signal(from("work.2.review"));
    expect(flow.status("work")).toBe("open");
    expect(flow.keys("ready")).toEqual(["work.2.review"]);
    expect(flow.keys("done")).toEqual([
      "work.1.code",
      "work.1.review",
      "work.1.side",
      "work.2.code",
      "work.2.side",
    ]);
    flow.done("work.2.review");
    expect(flow.state("work.3.code", "ready").attempt).toBe(2);
    for (const id of ["code", "side", "review"]) flow.done(`work.3.${id}`);
    flow.done("after");
    expect(flow.end).toEqual({ status: "complete" });
    expect(flow.state("work", "done")).toMatchObject({ attempt: 2, output: { iterations: 3 } });
  });

  it("does an iteration again from its beginning", () => {
    const flow = looped();
    flow.signal(from("work.1.code"));
    expect(flow.keys("ready")).toEqual(["work.1.code"]);
    expect(flow.status("work.2.code")).toBe("forgotten");
  });

  it("does the whole loop again", () => {
    const flow = looped();
    flow.signal(from("work"));
    expect(flow.keys("ready")).toEqual(["work.1.code", "work.1.side"]);
    expect(flow.state("work.1.code", "ready").attempt).toBe(2);
  });

  it("tries the last iteration of a loop beside it again", () => {
    const y = run("y", { needs: ["x"], onFailure: "next-iteration" });
    const z = run("z", { needs: ["y"] });
    const flow = new Simulation(flowOf([run("a"), loop("l", [run("x"), y, z])]));
    flow.done("l.1.x");
    flow.fails("l.1.y");
    flow.done("l.2.x");
    flow.done("l.2.y");
    flow.fails("l.2.z");
    expect(flow.end?.status).toBe("failed");
    flow.signal(from("a"));
    expect(flow.keys("ready")).toEqual(["a", "l.2.z"]);
    expect(flow.keys("done", "failed")).toEqual(["l.1.x", "l.1.y", "l.2.x", "l.2.y"]);
    expect(flow.status("l.1.z")).toBe("skipped");
  });

  it("begins a loop beside it anew that was used up", () => {
    const flow = new Simulation(
      flowOf([run("a"), loop("l", [run("x")], { max: 1, until: "false" })]),
    );
    flow.done("l.1.x");
    expect(flow.end?.status).toBe("failed");
    flow.signal(from("a"));
    expect(flow.keys("ready")).toEqual(["a", "l.1.x"]);
  });
});

describe("going back into a for-each or a subflow", () => {
  it("does one item again, and others that came to nothing", () => {
    const inside = [run("a"), run("b", { needs: ["a"] })];
    const flow = new Simulation(flowOf([forEach("f", inside, { limit: 3 })]), {
      inputs: { items: [1, 2, 3, 4] },
    });
    flow.done("f.1.a");
    flow.done("f.1.b");
    flow.claim("f.3.a");
    flow.fails("f.2.a");
    flow.finish("f.3.a", { end: "done", output: {}, usage: null });
    flow.done("f.3.b");
    flow.claim("f.4.a");
    flow.finish("f.4.a", { end: "done", output: {}, usage: null });
    flow.done("f.4.b");
    expect(flow.end?.status).toBe("failed");
    flow.signal(from("f.1.b"));
    expect(flow.status("f")).toBe("open");
    expect(flow.keys("ready")).toEqual(["f.1.b", "f.2.a"]);
    flow.done("f.1.b");
    flow.done("f.2.a");
    flow.done("f.2.b");
    expect(flow.state("f", "done").output).toMatchObject({ count: 4, failed: 0 });
  });

  it("begins an item again only as the limit allows", () => {
    const flow = new Simulation(flowOf([forEach("f", [run("a")], { limit: 1 })]), {
      inputs: { items: [1, 2] },
    });
    flow.done("f.1.a");
    flow.signal(from("f.1.a"));
    expect(flow.keys("ready")).toEqual(["f.2.a"]);
    flow.done("f.2.a");
    expect(flow.keys("ready")).toEqual(["f.1.a"]);
  });

  it("goes on in a container beside it that was canceled", () => {
    const steps = [run("a"), forEach("f", [run("x")], { items: "[1, 2]", limit: 1 })];
    const flow = new Simulation(flowOf(steps));
    flow.done("f.1.x");
    flow.fails("a");
    expect(flow.status("f")).toBe("canceled");
    flow.signal(from("a"));
    expect(flow.keys("ready")).toEqual(["a", "f.2.x"]);
    expect(flow.status("f.1.x")).toBe("done");
  });

  it("knows items that began before those in front of them", () => {
    const each = forEach("f", [run("x"), approve("ok", { needs: ["x"] })], {
      items: "[2, 1]",
      order: "item",
    });
    const flow = new Simulation(flowOf([run("a"), each]));
    flow.done("a");
    flow.done("f.2.x");
    flow.waits("f.2.ok", approval);
    expect(flow.decide("a", approvedBy("bob"))).toMatchObject({
      hint: "these wait for somebody: f.2.ok",
    });
    expect(flow.signal(from("f.2.x"))).toEqual(taken);
    expect(flow.state("f", "open").attempt).toBe(1);
    expect(flow.signal(from("f.2.ok")).kind).toBe("refused");
    flow.fails("f.2.x");
    expect(flow.signal(from("a"))).toEqual(taken);
    expect(flow.keys("ready")).toEqual(["a", "f.2.x"]);
    expect(flow.signal(from("f"))).toEqual(taken);
    expect(flow.keys("ready")).toEqual(["a", "f.2.x"]);
  });

  it("reaches into subflows", () => {
    const inner = flowOf([run("x"), run("y", { needs: ["x"] })]);
    const flow = new Simulation(flowOf([subflow("sub", inner), run("z", { needs: ["sub"] })]));
    flow.done("sub.1.x");
    flow.done("sub.1.y");
    flow.done("z");
    flow.signal(from("sub.1.y"));
    expect(flow.keys("ready")).toEqual(["sub.1.y"]);
    expect(flow.keys("forgotten")).toEqual(["z"]);
    flow.done("sub.1.y");
    flow.done("z");
    expect(flow.end).toEqual({ status: "complete" });
  });
});

describe("going back is refused", () => {
  it("for a step that there is not, or that has not begun", () => {
    const flow = new Simulation(flowOf([run("a"), loop("l", [run("b")], { needs: ["a"] })]));
    expect(flow.signal(from("x"))).toMatchObject({
      kind: "refused",
      message: 'the flow has no step "x"',
    });
    expect(flow.signal(from("l.1.b"))).toMatchObject({
      kind: "refused",
      message: '"l.1.b" has not begun yet',
    });
    expect(flow.signal(from("l.7.b")).kind).toBe("refused");
  });

  it("for an item that there never was, when the flow run has ended", () => {
    const flow = new Simulation(flowOf([loop("l", [run("b")], { max: 1 })]));
    flow.done("l.1.b");
    expect(flow.end).not.toBeNull();
    expect(flow.signal(from("l.7.b"))).toMatchObject({
      kind: "refused",
      message: '"l.7.b" has never begun',
    });
  });

  it("for a step that is forgotten already", () => {
    const flow = new Simulation(flowOf([run("a"), run("b", { needs: ["a"] })]));
    flow.done("a");
    flow.done("b");
    flow.signal(from("a"));
    expect(flow.signal(from("b"))).toMatchObject({ message: '"b" has not begun yet' });
  });

  it("while anything runs", () => {
    const flow = new Simulation(flowOf([run("a"), run("b")]));
    flow.done("a");
    flow.claim("b");
    expect(flow.signal(from("a"))).toMatchObject({
      kind: "refused",
      message: "a step runs just now",
    });
  });
});
