import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/flows/work.ts";
import { Simulation, approval, approvedBy, question } from "../simulation.ts";
import { agent, approve, ask, flowOf, loop, run, subflow } from "../written-flow.ts";

const rejection: Decision = { kind: "rejected", by: "bob", note: "too long", digest: "d1" };
const answer = (text: string): Decision => ({ kind: "answered", by: "bob", answer: text });
const taken = { kind: "taken" };

function waitingForApproval(requiredApprovers: readonly string[] = []): Simulation {
  const flow = new Simulation(flowOf([approve("ok"), run("b", { needs: ["ok"] })]));
  flow.waits("ok", { ...approval, requiredApprovers });
  return flow;
}

describe("an approval", () => {
  it("lets the step look again at what it shows", () => {
    const flow = waitingForApproval();
    const decision = { ...approvedBy("bob"), note: "fine" };
    expect(flow.decide("ok", decision)).toEqual(taken);
    expect(flow.state("ok", "ready")).toMatchObject({ attempt: 1, decision, dueAtMs: 0 });
    expect(flow.happenings.at(-1)).toEqual({
      type: "step_decided",
      key: "ok",
      decision: "approved",
      by: "bob",
      note: "fine",
    });
  });

  it("is asked for again when what was shown has changed meanwhile", () => {
    const flow = waitingForApproval();
    flow.decide("ok", approvedBy("bob"));
    flow.waits("ok", { ...approval, digest: "d2" });
    expect(flow.decide("ok", approvedBy("bob"))).toMatchObject({
      kind: "refused",
      message: 'what "ok" shows has changed since',
    });
    expect(flow.decide("ok", approvedBy("bob", "d2"))).toEqual(taken);
  });

  it("may be a rejection", () => {
    const flow = waitingForApproval();
    expect(flow.decide("ok", rejection)).toEqual(taken);
    expect(flow.happenings.at(-1)).toMatchObject({ decision: "rejected", note: "too long" });
  });

  it("comes too early before the step waits", () => {
    const steps = [approve("first"), approve("second", { needs: ["first"] })];
    const flow = new Simulation(flowOf(steps));
    expect(flow.decide("first", approvedBy("bob"))).toEqual({
      kind: "refused",
      message: '"first" does not wait yet',
      hint: "no step of this flow run waits for anybody now",
    });
    flow.waits("first", approval);
    expect(flow.decide("second", approvedBy("bob"))).toEqual({
      kind: "refused",
      message: '"second" does not wait yet',
      hint: "these wait for somebody: first",
    });
  });

  it("counts once, while the step looks at it and after", () => {
    const flow = waitingForApproval();
    flow.decide("ok", approvedBy("bob"));
    expect(flow.decide("ok", approvedBy("bob"))).toEqual({
      kind: "already",
      message: '"ok" is approved already',
    });
    flow.claim("ok");
    expect(flow.decide("ok", approvedBy("bob")).kind).toBe("already");
    expect(flow.decide("ok", rejection)).toMatchObject({
      kind: "refused",
      message: '"ok" is approved already',
    });
    flow.finish("ok", { end: "done", output: { approved: true }, usage: null });
    expect(flow.decide("ok", approvedBy("bob")).kind).toBe("already");
    expect(flow.decide("ok", rejection).kind).toBe("refused");
  });

  it("is refused after a rejection, which counts once too", () => {
    const flow = waitingForApproval();
    flow.decide("ok", rejection);
    flow.claim("ok");
    const failure = { code: "rejected", message: "bob: too long", hint: "" };
    flow.finish("ok", { end: "failed", failure, output: {}, usage: null, isRetryable: false });
    expect(flow.decide("ok", rejection).kind).toBe("already");
    expect(flow.decide("ok", approvedBy("bob"))).toMatchObject({
      message: '"ok" is rejected already',
    });
  });

  it("is refused for a step that there is not", () => {
    const flow = waitingForApproval();
    const refusal = { kind: "refused", hint: "these wait for somebody: ok" };
    expect(flow.decide("no", approvedBy("bob"))).toEqual({
      ...refusal,
      message: 'the flow has no step "no"',
    });
    expect(flow.decide("ok.1", approvedBy("bob"))).toEqual({
      ...refusal,
      message: 'the flow has no step "ok.1"',
    });
  });

  it("is refused for a step that is over, and once the flow run is", () => {
    const flow = new Simulation(flowOf([run("a"), approve("ok")]));
    flow.done("a");
    expect(flow.decide("a", approvedBy("bob")).kind).toBe("refused");
    flow.waits("ok", approval);
    expect(flow.decide("a", approvedBy("bob"))).toEqual({
      kind: "refused",
      message: '"a" does not wait: it is done',
      hint: "these wait for somebody: ok",
    });
    flow.signal({ kind: "cancel", by: "ann", reason: null });
    expect(flow.decide("ok", approvedBy("bob"))).toMatchObject({
      kind: "refused",
      message: "the flow run has ended: canceled",
    });
  });

  it("is refused for a step of which an end is unknown", () => {
    const flow = new Simulation(
      flowOf([run("a", { recovery: "ask" }), run("f", { onFailure: "continue" })]),
    );
    flow.fails("f");
    flow.claim("a");
    flow.recover("a");
    expect(flow.decide("a", approvedBy("bob"))).toEqual({
      kind: "refused",
      message: 'the worker of "a" died, and whether the step had ended is unknown',
      hint: "look what became of it, then delegate flow resume 01abc --decide a=rerun, or =skip",
    });
    expect(flow.decide("f", approvedBy("bob"))).toMatchObject({
      message: '"f" does not wait: it is failed',
    });
  });

  it("names at most five that wait", () => {
    const flow = new Simulation(
      flowOf([
        run("a"),
        loop(
          "l",
          [1, 2, 3, 4, 5, 6].map((n) => approve(`ok${n}`)),
        ),
      ]),
    );
    for (let n = 1; n <= 6; n += 1) flow.waits(`l.1.ok${n}`, approval);
    expect(flow.decide("a", approvedBy("bob"))).toMatchObject({
      hint: "these wait for somebody: l.1.ok1, l.1.ok2, l.1.ok3, l.1.ok4, l.1.ok5",
    });
  });
});

describe("who may approve", () => {
  it("is anybody when the file names nobody, even who started the flow run", () => {
    expect(waitingForApproval().decide("ok", approvedBy("ann"))).toEqual(taken);
  });

  it("is only who the file names, and never who started the flow run", () => {
    const flow = waitingForApproval(["ann", "bob"]);
    expect(flow.decide("ok", approvedBy("ann"))).toEqual({
      kind: "refused",
      message: 'ann has started the flow run and may not decide about "ok"',
      hint: "one of these may: bob",
    });
    expect(flow.decide("ok", approvedBy("eve"))).toMatchObject({
      message: 'eve may not decide about "ok"',
    });
    expect(flow.decide("ok", approvedBy("bob"))).toEqual(taken);
  });

  it("is who is named so in a messenger, and there as well never who started the flow run", () => {
    const flow = waitingForApproval(["@Ann", "@Bob"]);
    expect(flow.decide("ok", approvedBy("@ann"))).toMatchObject({
      message: '@ann has started the flow run and may not decide about "ok"',
      hint: "one of these may: @Bob",
    });
    expect(flow.decide("ok", approvedBy("Bob"))).toMatchObject({
      message: 'Bob may not decide about "ok"',
    });
    expect(flow.decide("ok", approvedBy("@bob"))).toEqual(taken);
  });

  it("is nobody when the file names only who started the flow run", () => {
    const reply = waitingForApproval(["ann"]).decide("ok", approvedBy("ann"));
    expect(reply).toMatchObject({
      hint: expect.stringContaining("start the flow as somebody else"),
    });
  });

  it("is no agent of the flow, of its subflows, or of its start", () => {
    const inner = flowOf([agent("x", { agent: "judge" })], { agents: { judge: "gemini" } });
    const steps = [approve("ok"), loop("l", [subflow("sub", inner)])];
    for (const by of ["claude", "gemini", "codex"]) {
      const flow = new Simulation(flowOf(steps), { agents: { judge: "codex" } });
      flow.waits("ok", approval);
      expect(flow.decide("ok", approvedBy(by))).toMatchObject({
        kind: "refused",
        message: `${by} is an agent of the flow and may not decide about "ok"`,
      });
    }
  });
});

function asking(more: { answer?: "text" | "number" | "boolean" | "option" }): Simulation {
  const flow = new Simulation(flowOf([ask("which")]));
  flow.waits("which", { ...question, ...more });
  return flow;
}

describe("an answer", () => {
  it("is of the kind that the question wants", () => {
    const good = { text: "x", number: "1.5", boolean: "false", option: "blue" } as const;
    const bad = { text: " ", number: "one", boolean: "perhaps", option: "green" } as const;
    for (const kind of ["text", "number", "boolean", "option"] as const) {
      const flow = asking({ answer: kind });
      expect(flow.decide("which", answer(bad[kind])).kind, kind).toBe("refused");
      expect(flow.decide("which", answer(good[kind])), kind).toEqual(taken);
    }
    expect(asking({ answer: "number" }).decide("which", answer(""))).toMatchObject({
      hint: "it wants a number, such as 3 or 0.5",
    });
    expect(asking({ answer: "option" }).decide("which", answer("green"))).toEqual({
      kind: "refused",
      message: '"green" does not answer "which"',
      hint: "it wants one of: red, blue",
    });
  });

  it("counts once; another one is refused", () => {
    const flow = asking({});
    flow.decide("which", answer("red"));
    expect(flow.decide("which", answer("red")).kind).toBe("already");
    expect(flow.decide("which", answer("blue")).kind).toBe("refused");
    flow.done("which", { answer: "red" });
    expect(flow.decide("which", answer("red")).kind).toBe("already");
    expect(flow.decide("which", answer("blue")).kind).toBe("refused");
  });

  it("is known again after it has become a number or nothing", () => {
    const flow = asking({ answer: "number" });
    flow.decide("which", answer("3"));
    flow.done("which", { answer: 3 });
    expect(flow.decide("which", answer("3")).kind).toBe("already");
    const other = asking({});
    other.decide("which", answer("3"));
    other.done("which");
    expect(other.decide("which", answer("3")).kind).toBe("refused");
  });

  it("is no approval, and an approval is no answer", () => {
    expect(asking({}).decide("which", approvedBy("bob"))).toEqual({
      kind: "refused",
      message: '"which" waits for an answer',
      hint: "it asks: which?",
    });
    expect(waitingForApproval().decide("ok", answer("x"))).toMatchObject({
      message: '"ok" waits for an approval',
    });
  });
});

describe("the questions of a step's agent", () => {
  const questions = { kind: "agent_questions", runId: "01abc.a.1.1", questionIds: ["q1"] } as const;

  it("are answered elsewhere; then the step goes on as the same attempt", () => {
    const flow = new Simulation(flowOf([agent("a")]));
    flow.waits("a", questions);
    expect(flow.decide("a", answer("x"))).toMatchObject({
      kind: "refused",
      hint: "answer them with `delegate answer 01abc.a.1.1`",
    });
    expect(flow.decide("a", { kind: "resumed" })).toEqual(taken);
    expect(flow.state("a", "ready")).toMatchObject({ attempt: 1, decision: { kind: "resumed" } });
    expect(flow.happenings.at(-1)).toEqual({ type: "step_ready", key: "a", attempt: 1 });
    expect(flow.decide("a", { kind: "resumed" }).kind).toBe("already");
  });
});
