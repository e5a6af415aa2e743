import { describe, expect, test } from "vitest";
import { drawGraph } from "../../src/flows/graph/draw-graph.ts";
import { flowOf, noLinks } from "./file/check-text.ts";

const other = flowOf("name: other\nsteps: { end: { run: x }, later: { run: y, needs: end } }");
const flow = flowOf(
  [
    "name: build",
    "description: Code, verify, review",
    "inputs: { properties: { files: {}, task: {} } }",
    "agents: { coder: c, reviewer: r }",
    "steps:",
    "  work:",
    "    loop: { max: 3, until: steps.review.data.approved }",
    "    steps:",
    "      code: { agent: coder, task: x }",
    "      verify: { run: [npm, test], needs: code }",
    "      review: { agent: reviewer, task: x, mode: plan, needs: verify }",
    "  each-file:",
    "    for-each: { items: inputs.files, as: file, limit: 4 }",
    "    steps: { fix: { run: 'fix ${{ file }}' } }",
    "  question: { ask: 'Which \"one\"?', when: inputs.task != null }",
    "  approve: { approve: 'Commit <b>${{ inputs.task }}</b> # 1?', needs: [work, each-file] }",
    "  sub: { flow: other, needs: approve }",
  ].join("\n"),
  { ...noLinks, flows: new Map([["other", other]]) },
);

describe("a flow in letters", () => {
  test("has a line for each step with its wave, and a box around the steps that others hold", () => {
    expect(drawGraph(flow, "ascii")).toBe(`build: Code, verify, review

1  +- work: loop, at most 3 times, until steps.review.data.approved +
   | 1  code    agent coder                                         |
   | 2  verify  run npm test                after code              |
   | 3  review  agent reviewer, only reads  after verify            |
   +----------------------------------------------------------------+
1  +- each-file: for each file of inputs.files, 4 at once +
   | 1  fix  run fix \${{ file }}                          |
   +------------------------------------------------------+
1  question  ask: Which "one"?, when inputs.task != null
2  approve   approve: Commit <b>\${{ inputs.task }}</b> # 1?  after work, each-file
3  +- sub: flow other  after approve +
   | 1  end    run x                 |
   | 2  later  run y  after end      |
   +---------------------------------+
`);
  });

  test("shows what was gone back behind as if it had not begun", () => {
    const states = new Map([
      ["work", "done"],
      ["work.1.code", "done"],
      ["work.2.code", "forgotten"],
      ["question", "forgotten"],
    ]);
    const drawn = drawGraph(flow, "ascii", states);
    expect(drawn).toContain("1  code    [done]  agent coder");
    expect(drawn).not.toContain("forgotten");
  });

  test("shows how each step stands: its last iteration, and items by number", () => {
    const states = new Map([
      ["work", "done"],
      ["work.1.code", "done"],
      ["work.1.verify", "failed"],
      ["work.2.code", "done"],
      ["work.2.verify", "done"],
      ["work.2.review", "done"],
      ["each-file", "open"],
      ["each-file.1.fix", "done"],
      ["each-file.2.fix", "done"],
      ["each-file.3.fix", "failed"],
      ["each-file.10.fix", "running"],
      ["question", "waiting"],
    ]);
    expect(drawGraph(flow, "ascii", states)).toBe(`build: Code, verify, review

1  +- work: loop, at most 3 times, until steps.review.data.approved  [done] +
   | 1  code    [done (2)]  agent coder                                     |
   | 2  verify  [done (2)]  run npm test                after code          |
   | 3  review  [done (2)]  agent reviewer, only reads  after verify        |
   +------------------------------------------------------------------------+
1  +- each-file: for each file of inputs.files, 4 at once  [open] +
   | 1  fix  [2 done, 1 failed, 1 running]  run fix \${{ file }}   |
   +--------------------------------------------------------------+
1  question  [waiting]  ask: Which "one"?, when inputs.task != null
2  approve              approve: Commit <b>\${{ inputs.task }}</b> # 1?  after work, each-file
3  +- sub: flow other  after approve +
   | 1  end    run x                 |
   | 2  later  run y  after end      |
   +---------------------------------+
`);
  });

  test("has lines that end, whatever the steps say", () => {
    const long = flowOf(
      `name: x\nsteps: { a: { run: "echo ${"日本 ".repeat(40)}" }, b: { approve: "two\\nlines\\tand a tab" } }`,
    );
    const lines = drawGraph(long, "ascii").split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[2]).toMatch(/^1 {2}a {2}run echo (日本 )+.*…$/u);
    expect(lines[3]).toBe("1  b  approve: two lines and a tab");
  });
});

describe("a flow for Mermaid", () => {
  test("has a subgraph for each step that holds others, and escaped labels", () => {
    expect(drawGraph(flow, "mermaid")).toBe(`---
title: "build"
---
flowchart TD
  subgraph s_work["work<br/>loop, at most 3 times, until steps.review.data.approved"]
    s_work__code["code<br/>agent coder"]
    s_work__verify[["verify<br/>run npm test"]]
    s_work__review["review<br/>agent reviewer, only reads"]
  end
  subgraph s_each_file["each-file<br/>for each file of inputs.files, 4 at once"]
    s_each_file__fix[["fix<br/>run fix $#123;#123; file #125;#125;"]]
  end
  s_question{{"question<br/>ask: Which #34;one#34;?, when inputs.task != null"}}
  s_approve{{"approve<br/>approve: Commit #60;b#62;$#123;#123; inputs.task #125;#125;#60;/b#62; #35; 1?"}}
  subgraph s_sub["sub<br/>flow other"]
    s_sub__end[["end<br/>run x"]]
    s_sub__later[["later<br/>run y"]]
  end
  s_work__code --> s_work__verify
  s_work__verify --> s_work__review
  s_work --> s_approve
  s_each_file --> s_approve
  s_approve --> s_sub
  s_sub__end --> s_sub__later
`);
  });

  test("has colors for how steps stand", () => {
    const drawn = drawGraph(
      flow,
      "mermaid",
      new Map([
        ["question", "waiting"],
        ["sub", "open"],
        ["approve", "odd"],
      ]),
    );
    expect(drawn).toContain(
      's_question{{"question<br/>ask: Which #34;one#34;?, when inputs.task != null<br/>waiting"}}',
    );
    expect(drawn).toContain("  class s_question waiting\n");
    expect(drawn).toContain("  class s_sub open\n");
    expect(drawn).toContain("  classDef waiting fill:#fbe3a1,color:#000\n");
    expect(drawn).toContain("  classDef odd fill:#ffffff,color:#000\n");
  });
});

describe("a flow for Graphviz", () => {
  test("has clusters, and edges that end at them", () => {
    expect(drawGraph(flow, "dot")).toBe(`digraph "build" {
  compound=true;
  node [shape=box, style="rounded,filled", fillcolor="#ffffff"];
  subgraph "cluster_work" {
    label="work\\nloop, at most 3 times, until steps.review.data.approved";
    "work.code" [label="code\\nagent coder"];
    "work.verify" [label="verify\\nrun npm test"];
    "work.review" [label="review\\nagent reviewer, only reads"];
  }
  subgraph "cluster_each-file" {
    label="each-file\\nfor each file of inputs.files, 4 at once";
    "each-file.fix" [label="fix\\nrun fix \${{ file }}"];
  }
  "question" [label="question\\nask: Which \\"one\\"?, when inputs.task != null", shape=hexagon];
  "approve" [label="approve\\napprove: Commit <b>\${{ inputs.task }}</b> # 1?", shape=hexagon];
  subgraph "cluster_sub" {
    label="sub\\nflow other";
    "sub.end" [label="end\\nrun x"];
    "sub.later" [label="later\\nrun y"];
  }
  "work.code" -> "work.verify";
  "work.verify" -> "work.review";
  "work.review" -> "approve" [ltail="cluster_work"];
  "each-file.fix" -> "approve" [ltail="cluster_each-file"];
  "approve" -> "sub.end" [lhead="cluster_sub"];
  "sub.end" -> "sub.later";
}
`);
  });

  test("has colors for how steps stand", () => {
    const drawn = drawGraph(
      flow,
      "dot",
      new Map([
        ["work", "done"],
        ["question", "skipped"],
      ]),
    );
    expect(drawn).toContain(' style=filled; fillcolor="#b7e1b0";\n');
    expect(drawn).toContain('null\\nskipped", shape=hexagon, fillcolor="#dddddd"];\n');
  });

  test("cuts what is too long", () => {
    const long = flowOf(`name: x\nsteps: { a: { run: "${"x".repeat(200)}" } }`);
    for (const format of ["dot", "mermaid"] as const) {
      expect(drawGraph(long, format)).toContain(`run ${"x".repeat(75)}…"`);
    }
  });
});
