import { describe, expect, test } from "vitest";
import type { Flow, Step } from "../../src/flows/flow.ts";
import { planFlow } from "../../src/flows/rehearsal/plan-flow.ts";
import { describePlan } from "../../src/flows/rehearsal/plan-text.ts";
import { evaluator } from "./simulation.ts";
import {
  agent,
  approve,
  ask,
  flowOf,
  forEach,
  loop,
  requestOf,
  run,
  subflow,
} from "./written-flow.ts";

function planOf(flow: Flow) {
  const request = requestOf(flow, { inputs: { who: "eva" }, agents: { coder: "codex" } });
  return { request, waves: planFlow(request, evaluator) };
}

function workOf(step: Step, more: Partial<Flow> = {}) {
  return planOf(flowOf([step], more)).waves[0]?.[0]?.work;
}

function repeatsOf(max: string): string | null | undefined {
  return planOf(flowOf([loop("l", [run("a")], { max })])).waves[0]?.[0]?.repeats;
}

describe("a plan", () => {
  test("has the values that are known, and expressions where they are not", () => {
    expect(
      workOf(
        agent("a", { task: "${{ inputs.who }}, ${{ steps.x.y }}${{ previous.z }}${{ null }}!" }),
      ),
    ).toMatchObject({ agent: "codex", task: "eva, ${{ steps.x.y }}${{ previous.z }}!" });
    expect(workOf(run("a", { command: "x ${{ inputs.who }}" }))).toMatchObject({
      command: 'x "${DELEGATE_VALUE_1}"',
      env: { DELEGATE_VALUE_1: "eva" },
    });
    expect(workOf(run("a", { command: "x ${{ steps.y.stdout }}" }))).toMatchObject({
      command: "x ${{ steps.y.stdout }}",
      env: {},
    });
    expect(workOf(run("a", { command: ["x", "${{ size(inputs.who) }}"] }))).toMatchObject({
      command: ["x", "3"],
    });
    expect(workOf(agent("a", { task: "${{ {} }} ${{ broken" }))).toMatchObject({
      task: "${{ {} }} ${{ broken",
    });
  });

  test("says how often a loop can go, as a number where it is known", () => {
    expect(repeatsOf("size(inputs.who)")).toBe("at most 3 times, until true");
    expect(repeatsOf("steps.x.exitCode")).toBe("at most steps.x.exitCode times, until true");
  });

  test("has the words of a persona when it is known which", () => {
    const personas = { skeptic: "Doubt it." };
    const known = workOf(agent("a", { persona: "skeptic" }), { personas });
    expect(known).toMatchObject({ task: "Doubt it.\n\ndo it" });
    expect(workOf(agent("a", { persona: "${{ item }}" }), { personas })).toMatchObject({
      task: "do it",
    });
  });

  test("has nothing for a role that nobody takes", () => {
    expect(workOf(agent("a", { agent: "ghost" }))).toBeNull();
  });

  test("has what is inside of others, with the inputs that are known", () => {
    const inner = flowOf([
      agent("b", { task: "${{ inputs.one }} ${{ inputs.two }} ${{ inputs.three }}" }),
    ]);
    const inputs = { one: "for ${{ inputs.who }}", two: "${{ steps.x.y }}", three: "${{ 1 + 1 }}" };
    const { waves } = planOf(flowOf([subflow("sub", inner, { inputs })]));
    expect(waves[0]?.[0]?.inside[0]?.[0]?.work).toMatchObject({
      task: "for eva ${{ inputs.two }} 2",
    });
  });

  test("reads so", () => {
    const flow = flowOf(
      [
        run("start", { cwd: "web", timeoutMs: 90_000, env: { A: "b" } }),
        loop("work", [agent("code", { mode: "plan" })], { needs: ["start"], until: "done" }),
        forEach("each", [run("one", { command: ["make", "it all"] })], {
          limit: 2,
          order: "item.n",
          onFailure: "continue",
        }),
        subflow("sub", flowOf([run("x")]), { when: "inputs.who == 'eva'" }),
        approve("ok", {
          needs: ["work"],
          requiredApprovers: ["eva", "tom"],
          show: "git diff ${{ inputs.who }}",
        }),
        ask("kind", { needs: ["ok"], foreman: "coder", options: ["a", "b"] }),
        ask("free", { needs: ["ok"] }),
      ],
      { description: "All kinds" },
    );
    const { request, waves } = planOf(flow);
    expect(describePlan(request, waves, true)).toBe(`test: All kinds
folder: /work
inputs: {"who":"eva"}
agents: coder=codex

wave 1
  start: run in web, at most 90 s
    | true
    | A="b"
  each: for-each, for each item of inputs.items, 2 at once, in the order of item.n; on failure: continue
    wave 1
      one: run
        | "make" "it all"
  sub: flow, once, as the flow test; when inputs.who == 'eva'
    wave 1
      x: run
        | true
wave 2
  work: loop, at most 3 times, until done
    wave 1
      code: agent codex as coder, read-only
        | do it
wave 3
  ok: approve by eva or tom
    | all right?
    | shows: git diff "\${DELEGATE_VALUE_1}"
    | DELEGATE_VALUE_1="eva"
wave 4
  kind: ask, first codex
    | which?
    | 1. a
    | 2. b
  free: ask
    | which?
`);
  });
});
