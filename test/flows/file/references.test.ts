import { describe, expect, test } from "vitest";
import { flowOf, problemsOf } from "./check-text.ts";

const flow = `name: x
inputs: { required: [task], properties: { task: {}, dry-run: {} } }
agents: { r: r }
steps:
  plan: { agent: r, task: x }
  other: { run: x }
  work:
    needs: [plan]
    loop: { max: 3, until: steps.check.exitCode == 0 }
    steps:
      code-it: { agent: r, task: x }
      check: { run: HERE, needs: [code-it] }
      last: { run: x, needs: [check] }
  each:
    needs: work
    for-each: { items: steps.work.steps.last.files, as: file }
    steps:
      fix: { run: ITEM }
  end: { run: END, needs: each }
report: "REPORT"
`;

/** What is wrong with an expression at this place, without where that is. */
function wrongAt(place: "HERE" | "ITEM" | "END" | "REPORT", expression: string): readonly string[] {
  const written = JSON.stringify(`\${{ ${expression} }}`);
  const text = flow.replace(place === "REPORT" ? '"REPORT"' : place, () => written);
  return problemsOf(text).map((problem) => problem.replace(/^\S+ /, ""));
}

test("the flow as it stands has no problem", () => {
  flowOf(flow);
});

describe("a step may look at", () => {
  test.each([
    ["inputs.task", "HERE"],
    ["inputs['dry-run']", "HERE"],
    ["steps['code-it'].result", "HERE"],
    ["steps.plan.data.anything.at[0].all", "HERE"],
    ["steps.plan.outputs.x", "HERE"],
    ["previous.last.stdout", "HERE"],
    ["previous.check.failure.message", "HERE"],
    ["previous == null", "HERE"],
    ["iteration + 1", "HERE"],
    ["run.id + run.cwd + run.author", "HERE"],
    ["[1].map(x, x + 1)", "HERE"],
    ["type(inputs.task) == string", "HERE"],
    ["file.path", "ITEM"],
    ["index", "ITEM"],
    ["steps.work.iterations", "ITEM"],
    ["steps.plan.result", "ITEM"],
    ["steps.each.items.map(i, i.steps.fix.exitCode)", "END"],
    ["steps.work.steps.check.exitCode", "END"],
    ["steps.plan.status", "END"],
    ["steps.end.stdout", "REPORT"],
    ["steps.map(id, id)", "REPORT"],
    ["steps", "REPORT"],
  ] as const)("%s", (expression, place) => {
    expect(wrongAt(place, expression)).toEqual([]);
  });
});

describe("a step may not look at", () => {
  test.each([
    [
      "nobody",
      "HERE",
      'there is no "nobody" here; there are inputs, iteration, previous, run, steps',
    ],
    ["input.task", "HERE", 'there is no "input" here; did you mean "inputs"?'],
    ["plan.result", "HERE", 'there is no "plan" here; did you mean "steps.plan"?'],
    ["inputs.tsk", "HERE", 'there is no input "tsk"; did you mean "task"?'],
    ["inputs.whatever", "HERE", 'there is no input "whatever"; there are task, dry-run'],
    ["inputs.dry-run", "HERE", 'write inputs["dry-run"]: "-" means minus in an expression'],
    ["steps.code-it.result", "HERE", 'write steps["code-it"]: "-" means minus in an expression'],
    [
      "previous.code-it.result",
      "HERE",
      'write previous["code-it"]: "-" means minus in an expression',
    ],
    ["run.name", "HERE", 'run has no "name"; it has id, cwd, author'],
    ["steps.plna.result", "HERE", 'there is no step "plna"; did you mean "plan"?'],
    ["steps.plan.reslt", "HERE", 'steps.plan has no "reslt"; did you mean "result"?'],
    [
      "steps.plan.exitCode",
      "HERE",
      'steps.plan has no "exitCode"; it has status, because, failure, outputs, files, result, data, deliverable, artifacts, handoff, confidence, usage, runId, agent',
    ],
    ["steps.check.stdout", "HERE", "a step can't look at itself"],
    ["steps.last.stdout", "HERE", '"last" comes after this step'],
    ["steps.work.done", "HERE", '"work" is around this step, and not over yet'],
    [
      "steps.other.stdout",
      "HERE",
      '"other" may not be over yet; add "other" to the needs of "work"',
    ],
    ["steps.end.stdout", "HERE", '"end" may not be over yet; add "end" to the needs of "work"'],
    ["steps.fix.stdout", "HERE", '"fix" is in "each"; look at steps.each.items'],
    [
      "steps",
      "HERE",
      'name the step, as in steps.code or steps["code"]: what it may see depends on its needs',
    ],
    [
      "steps[inputs.task].x",
      "HERE",
      'name the step, as in steps.code or steps["code"]: what it may see depends on its needs',
    ],
    ["previous.plan.result", "HERE", 'the loop "work" has no step "plan"'],
    ["previous.lats.stdout", "HERE", 'the loop "work" has no step "lats"; did you mean "last"?'],
    ["previous.last.stdou", "HERE", 'previous.last has no "stdou"; did you mean "stdout"?'],
    ["file", "HERE", 'there is no "file" here; there are inputs, iteration, previous, run, steps'],
    ["index", "HERE", 'there is no "index" outside a for-each'],
    ["output.x", "HERE", 'there is no "output" but in outputs'],
    ["previous.last", "END", 'there is no "previous" outside a loop'],
    ["iteration", "END", 'there is no "iteration" outside a loop'],
    ["item", "ITEM", 'there is no "item" here; there are file, index, inputs, run, steps'],
    ["steps.nope-3 + 1", "HERE", 'there is no step "nope"'],
    [
      "size(steps.code-it-inputs.task)",
      "HERE",
      'write steps["code-it"]: "-" means minus in an expression',
    ],
    ["steps.other.stdout", "END", '"other" may not be over yet; add "other" to needs'],
    ["steps.check.exitCode", "END", '"check" is in "work"; write steps.work.steps.check'],
    ["steps.fix.exitCode", "REPORT", '"fix" is in "each"; look at steps.each.items'],
    ["steps.nope", "REPORT", 'there is no step "nope"'],
    ["nosuch(1)", "END", 'wrong expression: there is no function "nosuch"'],
    ["inputs.task +", "END", "wrong expression: it ends too early"],
    ["'", "END", "wrong expression: Unterminated string"],
  ] as const)("%s (%s)", (expression, place, message) => {
    expect(wrongAt(place, expression)).toEqual([message]);
  });
});

function problemsOfStep(step: string): readonly string[] {
  return problemsOf(`name: x\nagents: { r: r }\npersonas: [p]\nsteps:\n  a: ${step}`);
}

describe("each text of a step is looked at", () => {
  test.each([
    "{ run: x, when: zz }",
    '{ run: x, when: "${{ zz }}" }',
    '{ run: x, outputs: { y: "output.x + zz" } }',
    '{ agent: r, task: "a ${{ zz }}" }',
    '{ agent: r, task: x, persona: "${{ zz }}" }',
    '{ run: "a ${{ zz }}" }',
    '{ run: [x, "${{ zz }}"] }',
    '{ run: x, cwd: "${{ zz }}" }',
    '{ run: x, env: { A: "${{ zz }}" } }',
    '{ approve: "${{ zz }}" }',
    '{ approve: { message: "${{ zz }}" } }',
    '{ approve: { message: x, show: "cat ${{ zz }}" } }',
    '{ ask: "${{ zz }}" }',
    '{ ask: { question: "${{ zz }}" } }',
    '{ ask: { question: x, options: [x, "${{ zz }}"] } }',
    "{ loop: { max: 1, until: zz || iteration > 1 }, steps: { b: { run: x } } }",
    "{ for-each: zz, steps: { b: { run: x } } }",
    "{ for-each: { items: zz }, steps: { b: { run: x } } }",
    '{ for-each: { items: [1], order: "item + index + zz" }, steps: { b: { run: x } } }',
    '{ flow: y, with: { a: "${{ zz }}" } }',
  ])("%s", (step) => {
    const column = `  a: ${step}`.indexOf("zz") + 1;
    const problems = problemsOfStep(step);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^5:${column} there is no "zz" here`));
  });

  test("and in a text of several lines the right line is named", () => {
    const text =
      "name: x\nsteps:\n  a:\n    run: |\n      first\n      second ${{ run.id }} ${{ zz }}\n";
    expect(problemsOf(text)).toEqual(['6:32 there is no "zz" here; there are inputs, run, steps']);
  });

  test("and one that is not closed is told at its beginning", () => {
    expect(problemsOf("name: x\nsteps: { a: { run: 'x ${{ a' } }")).toEqual([
      '2:23 "${{" has no "}}"',
    ]);
  });
});
