import { expect, test } from "vitest";
import { exportMarkdown } from "../../src/flows/view/export-markdown.ts";
import { stateOf } from "./flat-state.ts";
import { Simulation } from "./simulation.ts";
import { flowOf, loop, run } from "./written-flow.ts";

test("a flow run is written down with what each step came to", () => {
  const flow = flowOf([
    run("good"),
    run("bad", { onFailure: "continue" }),
    run("left", { when: "false" }),
    run("late", { needs: ["good"] }),
  ]);
  const simulation = new Simulation(flow, { inputs: { who: "eva" }, agents: { coder: "claude" } });
  simulation.done("good", {
    stdout: "a ```` b\n",
    files: {},
    exitCode: 0,
    data: { n: [1] },
    stderr: "",
    nothing: null,
    list: [],
  });
  simulation.fails("bad", "line\nbreak", false, { exitCode: 3 });
  const started = { type: "step_started", key: "late", attempt: 1, worker: "x:1" } as const;
  const at = "2026-11-21T10:00:00.000Z";
  const events = [{ flowRunId: "01abc", seq: 1, at, ...started }];
  const text = exportMarkdown({ state: stateOf(simulation.tree), events, report: "# Report\n\n" });
  expect(text).toBe(`# Flow run 01abc

- Flow: test
- Status: not ended
- Started by: ann, 2026-11-21T10:00:00.000Z
- Folder: \`/work\`
- Role coder: claude

## Inputs

\`\`\`json
{
  "who": "eva"
}
\`\`\`

## Report

# Report

## Steps

### good: done

stdout:

\`\`\`\`\`text
a \`\`\`\` b
\`\`\`\`\`

files:

\`\`\`json
{}
\`\`\`

exitCode:

\`\`\`json
0
\`\`\`

data:

\`\`\`json
{
  "n": [
    1
  ]
}
\`\`\`

### bad: failed

command_failed: line break

exitCode:

\`\`\`json
3
\`\`\`

### left: skipped

"false" is not true

### late: ready

## Events

- 2026-11-21T10:00:00.000Z late begins
`);
});

test("an end is told, and a report that is not there left out", () => {
  const simulation = new Simulation(flowOf([]));
  const text = exportMarkdown({ state: stateOf(simulation.tree), events: [], report: null });
  expect(text).toContain("- Status: complete\n");
  expect(text).not.toContain("## Report");
});

test("what a later iteration has done stands beside the one before, also when it was begun after a retry", () => {
  const work = loop("work", [run("code")], { max: 2, until: "iteration == 2" });
  const simulation = new Simulation(flowOf([work, run("last", { needs: ["work"] })]));
  simulation.fails("work.1.code", "broken");
  simulation.signal({ kind: "retry_from", key: "work.1.code" });
  simulation.done("work.1.code");
  simulation.done("work.2.code");
  simulation.done("last");
  const text = exportMarkdown({ state: stateOf(simulation.tree), events: [], report: null });
  expect([...text.matchAll(/^### (\S+): done$/gm)].map(([, key]) => key)).toEqual([
    "work",
    "work.1.code",
    "work.2.code",
    "last",
  ]);
});
