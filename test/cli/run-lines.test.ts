import { expect, test } from "vitest";
import { runLines } from "../../src/cli/runs/run-lines.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { projectRecord } from "../../src/run/record.ts";
import { cellsOf } from "../../src/text/width.ts";
import { sampleRequest, START } from "../run/samples.ts";

const runId = "01m7zvqw5ksbk5mrbay5m2ys5f";

function shown(task: string, agent = "tech-lead") {
  const request = { ...sampleRequest, runId, agent, task };
  const stored = projectRecord(request, newRunState(START), START);
  return { record: stored, isHandedOver: false };
}

test("a run is one line where there is room", () => {
  expect(runLines([shown("Review the plan")], 80, START + 5_000)).toEqual([
    `${runId}  running     5 s  tech-lead  Review the plan`,
  ]);
});

test("a result that nobody has taken is told", () => {
  const run = { ...shown("Review the plan"), isHandedOver: true };
  expect(runLines([run], 80, START)[0]).toMatch(/^\S+  handed_over  /);
});

test("what is redirected is one line, however long", () => {
  const [line, ...more] = runLines([shown("plan ".repeat(15))], Number.POSITIVE_INFINITY, START);
  expect(line).toContain(`tech-lead  ${"plan ".repeat(15).trim()}`);
  expect(more).toEqual([]);
});

test("at 40 columns status, age, agent, task and the whole id can be read", () => {
  const lines = runLines([shown("計画をよく読んでください"), shown("x", "coder")], 40, START);
  expect(lines).toEqual([
    "running     0 s  tech-lead  計画をよく…",
    `  ${runId}`,
    "running     0 s  coder      x",
    `  ${runId}`,
  ]);
  expect(lines.every((line) => cellsOf(line) <= 40)).toBe(true);
});
