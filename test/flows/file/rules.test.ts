import { describe, expect, test } from "vitest";
import type { Flow } from "../../../src/flows/flow.ts";
import { flowOf, noLinks, problemsOf } from "./check-text.ts";

/** A flow with these steps, which begin in its third line. */
function withSteps(...lines: readonly string[]): string {
  return ["name: x", "steps:", ...lines.map((line) => `  ${line}`)].join("\n");
}

describe("the flow itself", () => {
  test.each<[string, string, readonly string[]]>([
    ["is not one", "just a text", ["1:1 the flow must be an object, not a text"]],
    [
      "lacks everything",
      "{}",
      ['1:1 the flow needs the key "name"', '1:1 the flow needs the key "steps"'],
    ],
    ["has no steps", "name: x\nsteps: {}", ['2:8 "steps" must not be empty']],
    [
      "has a wrong name",
      "name: Build It\nsteps: { a: { run: x } }",
      [
        '1:7 "name" must be small letters, digits and "-", begin with a letter, and have at most 64',
      ],
    ],
    [
      "has keys that there are not",
      "name: x\nstepps: {}\nsteps: { a: { run: x, timout: 3, whatever: 1 } }",
      [
        '2:1 unknown key "stepps"; did you mean "steps"?',
        '3:23 unknown key "timout"; did you mean "timeout"?',
        '3:34 unknown key "whatever"',
      ],
    ],
    [
      "has keys beside the one they belong in",
      "name: x\nsteps:\n  a: { for-each: [1], limit: 2, steps: { b: { run: x } } }\n  c: { approve: sure?, required-approver: eve }",
      [
        '3:23 unknown key "limit"; it belongs in "for-each"',
        '4:24 unknown key "required-approver"; it belongs in "approve"',
      ],
    ],
    [
      "has an id that can't be one",
      "name: x\nsteps: { Code_1: { run: x } }",
      [
        '2:10 "Code_1" must be small letters, digits and "-", begin with a letter, and have at most 64',
      ],
    ],
    [
      "has too many steps",
      `name: x\nsteps:\n${Array.from({ length: 1001 }, (_, index) => `  s${index}: { run: x }`).join("\n")}`,
      ["2:1 has 1001 steps; a flow has at most 1000"],
    ],
    [
      "has inputs that are no object",
      "name: x\ninputs: { type: array }\nsteps: { a: { run: x } }",
      ["2:17 inputs are names with values; this can only be object"],
    ],
    [
      "has inputs whose schema is misspelled",
      "name: x\ninputs: { requierd: [a], properties: { requierd: { defualt: 1, x-unit: m, anyOf: [{ tpye: string }] } } }\nsteps: { a: { run: x } }",
      [
        '2:11 "requierd" is no word of JSON Schema; did you mean "required"?',
        '2:52 "defualt" is no word of JSON Schema; did you mean "default"?',
        '2:85 "tpye" is no word of JSON Schema; did you mean "type"?',
      ],
    ],
    [
      "has a budget that limits nothing, or less than it holds back",
      "name: x\nbudget: { unknown: never, reserve: { tokens: 0 } }\nsteps: { a: { run: x } }",
      [
        "2:9 the budget limits nothing; give it costUsd or tokens",
        '2:20 "unknown" must be "free" or "reserved" or "fail"',
        '2:46 "tokens" must be at least 1, not 0',
      ],
    ],
    [
      "holds back more than its budget",
      "name: x\nbudget: { costUsd: 5, reserve: { costUsd: 6 } }\nagents: { a: b }\nsteps: { a: { agent: a, task: x, reserve: { costUsd: 7 } } }",
      [
        '2:43 "costUsd" must not be more than the budget of 5',
        '4:54 "costUsd" must not be more than the budget of 5',
      ],
    ],
  ])("%s", (_name, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe("a step", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "that is nothing",
      "a: {}",
      ['3:3 "a" does nothing; give it one of agent, run, approve, ask, loop, for-each, flow'],
    ],
    [
      "that is two things",
      "a: { run: x, ask: y }",
      ['3:3 "a" can\'t be run and ask at once; make a step of each'],
    ],
    ["that is no object", "a: run", ['3:6 "a" must be an object, not a text']],
    [
      "without what it needs",
      "a: { agent: a }",
      [
        '3:3 an agent step needs the key "task"',
        '3:15 nobody has the role "a"; give it an agent under "agents"',
      ],
    ],
    [
      "with nothing inside",
      "a: { loop: { max: 1, until: iteration > 1 } }",
      ['3:3 a loop needs the key "steps"'],
    ],
    [
      "with keys of other kinds",
      "a: { run: x, persona: y, with: {}, steps: { b: { run: x } } }",
      [
        '3:16 "persona" is for agent; this is a run step',
        '3:28 "with" is for flow; this is a run step',
        '3:38 "steps" is for loop, for-each; this is a run step',
      ],
    ],
    [
      "that holds others, with the keys of one that does not",
      "a: { for-each: '[1]', timeout: 3, steps: { b: { run: x } } }",
      ['3:25 "timeout" is for agent, run, approve, ask; this is a for-each'],
    ],
    [
      "with values of the wrong kind",
      "a: { run: '', env: { A-B: 1, C: [] }, cwd: 3, retry: 0, needs: 3, when: {}, on-failure: stop, timeout: soon }",
      [
        '3:13 "run" must not be empty',
        '3:24 "A-B" must be letters, digits and "_", and begin with no digit',
        '3:35 "C" must be a text or a number or true or false, not an array',
        '3:46 "cwd" must be a text, not the number 3',
        '3:56 "retry" must be at least 1, not 0',
        '3:66 "needs" must be a text or an array, not the number 3',
        '3:75 "when" must be a text or true or false or a number, not an object',
        '3:91 "on-failure" must be "fail" or "continue" or "next-iteration"',
        '3:106 "timeout" must be seconds, or a text such as 90s, 10m, 1h30m or 2d',
      ],
    ],
    [
      "with what people are asked in the wrong form",
      "a: { approve: { mesage: x, required-approver: [] } }",
      [
        '3:8 "approve" needs the key "message"',
        '3:19 unknown key "mesage"; did you mean "message"?',
        '3:49 "required-approver" must not be empty',
      ],
    ],
    [
      "with a question in the wrong form",
      "a: { ask: { question: x, options: [a], answer: txt } }",
      [
        '3:37 "options" must have at least 2 items, not 1',
        '3:50 "answer" must be "text" or "number" or "boolean" or "option"; did you mean "text"?',
      ],
    ],
    [
      "with times that can't be",
      "a: { agent: r, task: x, timeout: 0s, idle-timeout: 400d, retry: { attempts: 2, base: 2d } }",
      [
        '3:15 nobody has the role "r"; give it an agent under "agents"',
        '3:36 "timeout" must be more than 0',
        '3:54 "idle-timeout" must not be more than "timeout"',
        '3:54 "idle-timeout" must be at most 365d',
        '3:88 "base" must be at most 1d',
      ],
    ],
    [
      "with pauses in the wrong order",
      "a: { run: x, retry: { attempts: 2, base: 10m, max: 1 } }",
      ['3:44 "base" must not be more than "max"'],
    ],
    [
      "with seconds below nothing",
      "a: { run: x, timeout: -1 }",
      ['3:25 "timeout" must be more than 0, not -1'],
    ],
    [
      "with too many seconds",
      "a: { run: x, timeout: 99999999 }",
      ['3:25 "timeout" must be at most 31536000, not 99999999'],
    ],
    [
      "with variables that are ours",
      "a: { run: x, env: { DELEGATE_X: y } }",
      ["3:23 names that begin with DELEGATE_ are taken"],
    ],
  ])("%s", (_name, step, problems) => {
    expect(problemsOf(withSteps(step)).toSorted()).toEqual(problems.toSorted());
  });

  test("with an id that stands somewhere else too", () => {
    const text = withSteps(
      "a: { run: x }",
      "b: { loop: { max: 1, until: iteration > 1 }, steps: { a: { run: x } } }",
    );
    expect(problemsOf(text)).toEqual(['4:57 the id "a" stands twice in this file']);
  });
});

describe("needs", () => {
  const around = (needs: string, inner: string) =>
    withSteps(
      "a: { run: x }",
      `b: { needs: ${needs}, loop: { max: 1, until: iteration > 1 }, steps: { c: { run: x }, d: { run: x, needs: [${inner}] } } }`,
      "e: { run: x }",
    );

  test.each<[string, string, readonly string[]]>([
    [
      "nobody",
      withSteps("code: { run: x }", "b: { run: x, needs: [cod] }"),
      ['4:24 there is no step "cod"; did you mean "code"?'],
    ],
    [
      "as a word",
      withSteps("code: { run: x }", "b: { run: x, needs: cod }"),
      ['4:23 there is no step "cod"; did you mean "code"?'],
    ],
    [
      "somebody twice",
      withSteps("a: { run: x }", "b: { run: x, needs: [a, a] }"),
      ['4:23 "needs" names something twice'],
    ],
    ["itself", withSteps("a: { run: x, needs: a }"), ['3:23 "a" can\'t need itself']],
    ["a step around it", around("a", "b"), ['4:103 "b" is around this step; it is begun already']],
    [
      "a step beside the one around it",
      around("a", "e"),
      ['4:103 "e" is not in "b"; let "b" need it'],
    ],
    [
      "a step that it holds itself",
      around("d", "c"),
      ['4:15 "d" is in this step; it begins after it'],
    ],
  ])("%s", (_name, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test("a step in a step beside the one around it", () => {
    const text = withSteps(
      "a: { for-each: '[1]', steps: { b: { run: x } } }",
      "c: { for-each: '[1]', steps: { d: { run: x, needs: b } } }",
    );
    expect(problemsOf(text)).toEqual(['4:54 "b" is in another step, which this one can\'t see']);
  });

  test("a step in one beside it", () => {
    const text = withSteps(
      "a: { run: x, needs: c }",
      "b: { loop: { max: 1, until: iteration > 1 }, steps: { c: { run: x } } }",
    );
    expect(problemsOf(text)).toEqual(['3:23 "c" is in "b"; need "b"']);
  });

  test("go in a circle", () => {
    const text = withSteps(
      "a: { run: x, needs: [c] }",
      "b: { run: x, needs: a }",
      "c: { run: x, needs: [b, d] }",
      "d: { run: x }",
      "e: { run: x, needs: a }",
      "f: { for-each: '[1]', steps: { g: { run: x, needs: h }, h: { run: x, needs: g } } }",
    );
    expect(problemsOf(text)).toEqual([
      "4:23 these steps wait for each other: a → c → b → a",
      "8:79 these steps wait for each other: g → h → g",
    ]);
  });
});

describe("a step is never reached", () => {
  test("when its condition is never true, or that of one it needs", () => {
    const text = withSteps(
      "a: { run: x, when: false }",
      "b: { run: x, needs: a }",
      "c: { run: x, needs: b, when: inputs.n == 1 }",
      "d: { run: x, needs: [b, c] }",
      "e: { run: x, when: 1 > 2 || false }",
      "f: { run: x, when: true }",
      "g: { run: x, needs: [f, c] }",
    ).replace("steps:", "inputs: { properties: { n: {} } }\nsteps:");
    expect(problemsOf(text)).toEqual([
      '4:22 "a" is never reached: this is never true',
      '5:3 "b" is never reached: it needs "a", which is always skipped',
      '7:3 "d" is never reached: it needs "b", which is always skipped',
      '8:22 "e" is never reached: this is never true',
    ]);
  });
});

describe("roles", () => {
  test("that nobody has", () => {
    const text = withSteps(
      "a: { agent: codr, task: x }",
      "b: { ask: { question: x, foreman: boss } }",
    ).replace("steps:", "agents: { coder: c }\nsteps:");
    expect(problemsOf(text)).toEqual([
      '4:15 nobody has the role "codr"; did you mean "coder"?',
      '5:37 nobody has the role "boss"; give it an agent under "agents"',
    ]);
  });
});

describe("loops and lists", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "the next iteration where there is none",
      "a: { run: x, on-failure: next-iteration }",
      ["3:28 next-iteration is for steps in a loop; write fail or continue"],
    ],
    [
      "an end that no iteration changes",
      "a: { loop: { max: 2, until: run.id == 'x' }, steps: { b: { run: x } } }",
      ["3:31 no iteration can change this: look at a step of the loop, or at iteration"],
    ],
    [
      "an end that is written out",
      "a: { loop: { max: 2, until: false }, steps: { b: { run: x } } }",
      ["3:31 no iteration can change this: look at a step of the loop, or at iteration"],
    ],
    [
      "most iterations that are none",
      "a: { loop: { max: 1001, until: iteration > 1 }, steps: { b: { run: x } } }",
      ['3:21 "max" must be at most 1000, not 1001'],
    ],
    [
      "most iterations of another kind",
      "a: { loop: { max: true, until: iteration > 1 }, steps: { b: { run: x } } }",
      ['3:21 "max" must be a whole number or a text, not true'],
    ],
    [
      "most iterations that look at what comes only later",
      "a: { loop: { max: steps.b.exitCode, until: iteration > 1 }, steps: { b: { run: x } } }",
      ['3:21 "b" is in "a"; write steps.a.steps.b'],
    ],
    [
      "an item with a name that is taken",
      "a: { for-each: { items: [1], as: steps }, steps: { b: { run: x } } }",
      ['3:36 "steps" means something else; take another name'],
    ],
    [
      "an item with a name of the language",
      "a: { for-each: { items: [1], as: map }, steps: { b: { run: x } } }",
      ['3:36 "map" means something else; take another name'],
    ],
  ])("%s", (_name, step, problems) => {
    expect(problemsOf(withSteps(step))).toEqual(problems);
  });

  test("the next iteration may be wanted from within a list", () => {
    flowOf(
      withSteps(
        "a:",
        "  loop: { max: 2, until: steps.b.failed == 0 }",
        "  steps: { b: { for-each: '[1]', steps: { c: { run: x, on-failure: next-iteration } } } }",
      ),
    );
  });
});

describe("what a command reads", () => {
  test("is checked like any other text", () => {
    expect(problemsOf(withSteps('a: { run: x, stdin: "${{ steps.b.stdout }}" }'))).toEqual([
      '3:28 there is no step "b"',
    ]);
  });
});

describe("commands", () => {
  test.each<[string, readonly string[]]>([
    [
      "echo '${{ run.id }}'",
      ["3:24 single quotes keep the shell from seeing the value; use double quotes, or none"],
    ],
    [
      "[sh, -c, 'echo ${{ run.id }}']",
      [
        '3:22 the shell would read the value as a part of its program; write run as one line, or pass the value behind it and use "$1"',
      ],
    ],
    [
      "[env, /bin/bash, -ec, 'echo ${{ run.id }}']",
      [
        '3:35 the shell would read the value as a part of its program; write run as one line, or pass the value behind it and use "$1"',
      ],
    ],
    ["[sh, -c, 'echo $1', sh, '${{ run.id }}']", []],
    ["[sh, -c]", []],
    ["[sh, script.sh, '${{ run.id }}']", []],
    ["[node, -e, x]", []],
  ])("%s", (run, problems) => {
    const written = run.startsWith("[") ? run : JSON.stringify(run);
    const found = problemsOf(withSteps(`a: { run: ${written} }`));
    expect(found).toEqual(problems);
  });
});

describe("another flow", () => {
  const other: Flow = flowOf(
    "name: other\ninputs: { required: [task, given], properties: { task: {}, note: {}, given: { default: 1 } } }\nsteps: { a: { run: x } }",
  );
  const links = { ...noLinks, flows: new Map([["other", other]]) };

  test("is given what it needs, and nothing else", () => {
    const text = withSteps("a: { flow: other, with: { taks: 1 } }");
    expect(problemsOf(text, links)).toEqual([
      '3:8 the flow "other" needs the input "task" in with',
      '3:29 the flow "other" has no input "taks"; did you mean "task"?',
    ]);
    flowOf(withSteps("a: { flow: other, with: { task: '${{ run.id }}', note: [1] } }"), links);
  });

  test("is given values as its schema wants them, where they are known before the start", () => {
    const properties = { n: { type: "integer" }, names: { items: { type: "string" } } };
    const flows = new Map<string, Flow>([["other", { ...other, inputs: { properties } }]]);
    const find = (given: string): readonly string[] =>
      problemsOf(withSteps(`a: { flow: other, with: ${given} }`), { ...noLinks, flows });
    expect(find("{ n: two, names: [a, 1] }")).toEqual([
      '3:32 the input "n" must be a whole number, not a text',
      '3:44 the input "names" at /1 must be a text, not the number 1',
    ]);
    expect(find("{ n: '${{ run.id }}', names: null }")).toEqual([]);
    const further = { $defs: { n: { type: "integer" } }, properties: { n: { $ref: "#/$defs/n" } } };
    flows.set("other", { ...other, inputs: further });
    expect(find("{ n: 1 }")).toEqual([]);
  });

  test("is given no expressions inside of lists", () => {
    const text = withSteps("a: { flow: other, with: { task: { a: '${{ run.id }}' } } }");
    expect(problemsOf(text, links)).toEqual([
      '3:35 expressions are not looked for in lists and objects; write it as one, such as ${{ {"a": inputs.b} }}',
    ]);
  });

  test("may take inputs that its schema does not name", () => {
    for (const inputs of [
      { additionalProperties: true },
      { additionalProperties: {} },
      { anyOf: [] },
    ]) {
      const flows = new Map([["other", { ...other, inputs }]]);
      flowOf(withSteps("a: { flow: other, with: { x: 1 } }"), { ...noLinks, flows });
    }
  });

  test("must not make the flow too large", () => {
    const steps = Array.from({ length: 700 }, (_, index) => ({
      ...onlyStep(other),
      id: `s${index}`,
    }));
    const flows = new Map([["other", { ...other, inputs: null, steps }]]);
    const text = withSteps("a: { flow: other }", "b: { flow: other }", "c: { flow: other }");
    expect(problemsOf(text, { ...noLinks, flows })).toEqual([
      "2:1 with the flows in it there are 2103 steps, and 2000 are possible",
    ]);
  });
});

function onlyStep({ steps: [step] }: Flow) {
  if (step === undefined) throw new Error("it has no step");
  return step;
}

describe("ids of runs", () => {
  const long = "x".repeat(60);

  test("must not get too long", () => {
    const inner = flowOf(`name: y\nagents: { r: r }\nsteps: { ${long}: { agent: r, task: x } }`);
    const links = { ...noLinks, flows: new Map([["y", inner]]) };
    const text = [
      "name: x",
      "agents: { r: r }",
      "steps:",
      "  each:",
      "    for-each: '[1]'",
      "    steps:",
      "      loop:",
      "        loop: { max: 1000, until: iteration > 1 }",
      "        steps:",
      `          ${long}: { agent: r, task: x }`,
      `  ${long.slice(0, 40)}: { flow: y }`,
      "  short: { run: x }",
    ].join("\n");
    expect(problemsOf(text, links)).toEqual([
      "11:3 the ids of its runs could have 134 letters, and 128 are possible; use shorter ids or fewer levels",
    ]);
  });

  test("and it is told which step makes them so long", () => {
    const open = Array.from({ length: 8 }, (_, index) => `l${index}: { for-each: '[1]', steps: {`);
    const steps = `${open.join(" ")}\n  ${long}: { agent: r, task: x }, fine: { run: x } ${"} }".repeat(8)}`;
    const text = `name: x\nagents: { r: r }\nsteps: { ${steps} }`;
    expect(problemsOf(text)).toEqual([
      "4:3 the ids of its runs could have 139 letters, and 128 are possible; use shorter ids or fewer levels",
    ]);
  });
});

test("a persona that is chosen when the step begins must be among those of the flow", () => {
  const text = withSteps("a: { agent: r, task: x, persona: '${{ run.id }}' }").replace(
    "steps:",
    "agents: { r: r }\nsteps:",
  );
  expect(problemsOf(text)).toEqual([
    '4:36 name the personas that this can be in the flow\'s "personas"',
  ]);
  flowOf(text.replace("steps:", "personas: [skeptic]\nsteps:"));
});
