import { describe, expect, test } from "vitest";
import { flowOf, noLinks } from "./check-text.ts";

function onlyStep(text: string, links = noLinks) {
  const [step] = flowOf(text, links).steps;
  if (step === undefined) throw new Error("there is no step");
  return step;
}

const head = "name: x\nagents: { r: r }\nsteps:\n  a: ";

const common = {
  id: "a",
  needs: [],
  when: null,
  onFailure: "fail",
  retry: { attempts: 1, baseMs: 3000, maxMs: 60_000 },
  outputs: {},
};
const carried = { ...common, timeoutMs: null, recovery: "rerun", group: null };

test("a flow has everything that its file says, and defaults for the rest", () => {
  const text = `{
    "name": "x", "description": "d", "category": "c", "inputs": { "type": "object" },
    "agents": { "r": "coder" }, "steps": { "a": { "run": "x" } }, "report": "# \${{ run.id }}",
    "budget": { "costUsd": 5, "reserve": { "tokens": 10 } }
  }`;
  expect(flowOf(text)).toEqual({
    schema: "delegate.flow.v1",
    name: "x",
    description: "d",
    category: "c",
    inputs: { type: "object" },
    agents: { r: "coder" },
    personas: {},
    budget: {
      costUsd: 5,
      tokens: null,
      unknown: "reserved",
      reserve: { costUsd: null, tokens: 10 },
    },
    steps: [{ ...carried, kind: "run", command: "x", cwd: null, env: {} }],
    report: "# ${{ run.id }}",
  });
  expect(flowOf("name: x\nsteps: { a: { run: x } }")).toMatchObject({
    description: "",
    category: null,
    inputs: null,
    agents: {},
    budget: null,
    report: null,
  });
});

describe("a step of each kind", () => {
  test("agent", () => {
    expect(onlyStep(`${head}{ agent: r, task: x }`)).toEqual({
      ...carried,
      kind: "agent",
      agent: "r",
      task: "x",
      persona: null,
      mode: "write",
      dataSchema: null,
      attempts: null,
      idleTimeoutMs: null,
      reserve: null,
    });
    const links = { ...noLinks, schemas: new Map([["s.json", { type: "object" }]]) };
    const full =
      "{ agent: r, task: x, persona: skeptic, mode: plan, schema: s.json, retries: 2, timeout: 10m, idle-timeout: 90, reserve: { costUsd: 1 }, recovery: ask, group: g }";
    expect(onlyStep(head + full, links)).toEqual({
      ...carried,
      kind: "agent",
      agent: "r",
      task: "x",
      persona: "skeptic",
      mode: "plan",
      dataSchema: { type: "object" },
      attempts: 2,
      timeoutMs: 600_000,
      idleTimeoutMs: 90_000,
      reserve: { costUsd: 1, tokens: null },
      recovery: "ask",
      group: "g",
    });
    expect(onlyStep(`${head}{ agent: r, task: x, schema: { type: array } }`)).toMatchObject({
      dataSchema: { type: "array" },
    });
  });

  test("run", () => {
    expect(
      onlyStep(`${head}{ run: [npm, test], cwd: sub, env: { A: 1, B: true, C: "x" } }`),
    ).toMatchObject({
      kind: "run",
      command: ["npm", "test"],
      cwd: "sub",
      env: { A: "1", B: "true", C: "x" },
    });
    expect(onlyStep(`${head}{ run: x, stdin: "\${{ run.id }}" }`)).toMatchObject({
      stdin: "${{ run.id }}",
    });
  });

  test("approve", () => {
    expect(onlyStep(`${head}{ approve: "Go?" }`)).toEqual({
      ...carried,
      kind: "approve",
      message: "Go?",
      show: null,
      requiredApprovers: [],
    });
    const full = "{ approve: { message: Go?, show: git diff, required-approver: eva } }";
    expect(onlyStep(head + full)).toMatchObject({
      message: "Go?",
      show: "git diff",
      requiredApprovers: ["eva"],
    });
    expect(
      onlyStep(`${head}{ approve: { message: Go?, required-approver: [eva, tom] } }`),
    ).toMatchObject({ requiredApprovers: ["eva", "tom"] });
  });

  test("ask", () => {
    expect(onlyStep(`${head}{ ask: "Which?" }`)).toEqual({
      ...carried,
      kind: "ask",
      question: "Which?",
      options: [],
      answer: "text",
      foreman: null,
    });
    expect(
      onlyStep(`${head}{ ask: { question: Which?, options: [a, b], foreman: r } }`),
    ).toMatchObject({ options: ["a", "b"], answer: "option", foreman: "r" });
    expect(onlyStep(`${head}{ ask: { question: How many?, answer: number } }`)).toMatchObject({
      answer: "number",
    });
  });

  test("loop", () => {
    const text = `${head}{ loop: { max: 3, until: "\${{ steps.b.exitCode == 0 }}" }, steps: { b: { run: x } } }`;
    expect(onlyStep(text)).toEqual({
      ...common,
      kind: "loop",
      max: 3,
      until: "steps.b.exitCode == 0",
      steps: [{ ...carried, id: "b", kind: "run", command: "x", cwd: null, env: {} }],
    });
  });

  test("loop with an expression for its most iterations", () => {
    for (const max of ["inputs.n", '"${{ inputs.n }}"']) {
      const text = `name: x\ninputs: { properties: { n: { type: integer } } }\nsteps: { a: { loop: { max: ${max}, until: iteration > 1 }, steps: { b: { run: x } } } }`;
      expect(onlyStep(text)).toMatchObject({ kind: "loop", max: "inputs.n" });
    }
  });

  test("for-each", () => {
    const steps = "steps: { b: { run: x } }";
    expect(onlyStep(`${head}{ for-each: run.id, ${steps} }`)).toMatchObject({
      kind: "for-each",
      items: "run.id",
      as: "item",
      limit: null,
      order: null,
    });
    expect(onlyStep(`${head}{ for-each: [1, "a"], ${steps} }`)).toMatchObject({
      items: '[1,"a"]',
    });
    const full = "{ items: [1], as: file, limit: 2, order: file % 3 }";
    expect(onlyStep(`${head}{ for-each: ${full}, ${steps} }`)).toMatchObject({
      items: "[1]",
      as: "file",
      limit: 2,
      order: "file % 3",
    });
  });

  test("flow", () => {
    const other = flowOf(
      "name: other\ninputs: { additionalProperties: true }\nsteps: { a: { run: x } }",
    );
    const links = { ...noLinks, flows: new Map([["other.yaml", other]]) };
    const text = `${head}{ flow: other.yaml, with: { a: "\${{ run.id }}", b: 3, c: { d: [1, "x"] }, e: "t" } }`;
    expect(onlyStep(text, links)).toEqual({
      ...common,
      kind: "flow",
      inputs: {
        a: "${{ run.id }}",
        b: "${{ 3 }}",
        c: '${{ {"d":[1,"x"]} }}',
        e: "t",
      },
      flow: other,
    });
  });
});

describe("what every step has", () => {
  test.each<[string, object]>([
    ["when: run.id == 'x'", { when: "run.id == 'x'" }],
    ["when: true", { when: "true" }],
    ["on-failure: continue", { onFailure: "continue" }],
    ["retry: 3", { retry: { attempts: 3, baseMs: 3000, maxMs: 60_000 } }],
    ["retry: { attempts: 2, base: 500ms }", { retry: { attempts: 2, baseMs: 500, maxMs: 60_000 } }],
    [
      "retry: { attempts: 2, base: 5m }",
      { retry: { attempts: 2, baseMs: 300_000, maxMs: 300_000 } },
    ],
    ["retry: { attempts: 2, max: 1 }", { retry: { attempts: 2, baseMs: 1000, maxMs: 1000 } }],
    ["outputs: { n: output.exitCode, two: 2 }", { outputs: { n: "output.exitCode", two: "2" } }],
    ["timeout: 1.5", { timeoutMs: 1500 }],
    ["timeout: 1h30m", { timeoutMs: 5_400_000 }],
    ["timeout: 2d", { timeoutMs: 172_800_000 }],
  ])("%s", (written, read) => {
    expect(onlyStep(`${head}{ run: x, ${written} }`)).toMatchObject(read);
  });

  test("needs, as a word or as a list", () => {
    const { steps } = flowOf(
      "name: x\nsteps: { a: { run: x }, b: { run: x, needs: a }, c: { run: x, needs: [a, b] } }",
    );
    expect(steps.map(({ needs }) => needs)).toEqual([[], ["a"], ["a", "b"]]);
  });
});
