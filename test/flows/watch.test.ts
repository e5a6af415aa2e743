import { describe, expect, test } from "vitest";
import type { FlowHappening } from "../../src/flows/event.ts";
import type { Flow } from "../../src/flows/flow.ts";
import { applyToView, unseenFlow } from "../../src/flows/view/view.ts";
import type { FlowView } from "../../src/flows/view/view.ts";
import { pictureOf } from "../../src/flows/watch/picture.ts";
import { statusOfView } from "../../src/flows/watch/status.ts";
import { cellsOf } from "../../src/text/width.ts";
import { Simulation, approval, question } from "./simulation.ts";
import { agent, approve, ask, flowOf, forEach, loop, run, subflow } from "./written-flow.ts";

const START_MS = Date.parse("2026-11-21T10:00:00.000Z");

/** What somebody sees to whom all of this happened, one thing a second. */
function viewAfter(happenings: readonly FlowHappening[]): FlowView {
  const created = { type: "flow_created", name: "test", author: "ann" } as const;
  const events = [created, ...happenings].map((happening, index) => ({
    flowRunId: "01abc",
    seq: index + 1,
    at: new Date(START_MS + index * 1_000).toISOString(),
    ...happening,
  }));
  return applyToView(unseenFlow, events);
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function picture(
  flow: Flow,
  happenings: readonly FlowHappening[],
  { columns = 100, rows = 100 } = {},
): readonly string[] {
  const view = viewAfter(happenings);
  const nowMs = START_MS + happenings.length * 1_000;
  return pictureOf({ flowRunId: "01abc", flow, view }, nowMs, { columns, rows, plain });
}

/** The lines with single blanks, without the head. */
function lines(flow: Flow, happenings: readonly FlowHappening[]): readonly string[] {
  return picture(flow, happenings)
    .slice(1)
    .map((line) => line.replaceAll(/(?<=\S) +/g, " "));
}

const started = (key: string): FlowHappening => ({
  type: "step_started",
  key,
  attempt: 1,
  worker: "host:1",
});

describe("the picture of a flow run", () => {
  const flow = flowOf([
    run("start"),
    loop("work", [agent("code"), run("verify", { needs: ["code"] })], {
      needs: ["start"],
      until: "steps.verify.exitCode == 0",
    }),
    approve("ok", { needs: ["work"] }),
  ]);

  test("shows waves, steps that have not come yet, iterations and last words", () => {
    const simulation = new Simulation(flow);
    expect(lines(flow, simulation.happenings)).toEqual(["1 start ready", "2 work", "3 ok"]);
    simulation.done("start");
    simulation.claim("work.1.code");
    const words = { type: "step_progress", key: "work.1.code", words: "reading\nall" } as const;
    expect(lines(flow, [...simulation.happenings, words])).toEqual([
      "1 start done 1s",
      "2 work running 3s iteration 1 of 3",
      "  1 code running 1s reading all",
      "  2 verify",
      "3 ok",
    ]);
    simulation.finish("work.1.code", { end: "done", output: {}, usage: null });
    simulation.done("work.1.verify", { exitCode: 1 });
    expect(lines(flow, simulation.happenings)).toEqual([
      "1 start done 1s",
      "2 work running 7s iteration 2 of 3",
      "  1 code ready",
      "  2 verify",
      "3 ok",
    ]);
  });

  test("shows of how many iterations a loop has the one it is in, once that is known", () => {
    const each = flowOf([loop("work", [run("a")], { max: "inputs.n", until: "false" })]);
    const simulation = new Simulation(each, { inputs: { n: 2 } });
    simulation.done("work.1.a");
    expect(lines(each, simulation.happenings)[0]).toBe("1 work running 4s iteration 2 of 2");
    const unsaid = { type: "step_opened", key: "work", attempt: 1 } as const;
    const inside = simulation.happenings.slice(1);
    expect(lines(each, [unsaid, ...inside])[0]).toBe("1 work running 4s iteration 2");
  });

  test("folds what is over, says what waits, and how it ended", () => {
    const simulation = new Simulation(flow);
    simulation.done("start");
    simulation.done("work.1.code");
    simulation.done("work.1.verify", { exitCode: 0 });
    simulation.waits("ok", { ...approval, message: "Commit it?" });
    expect(lines(flow, simulation.happenings)).toEqual([
      "1 start done 1s",
      "2 work done 7s iteration 1 of 3",
      "3 ok waiting 1s Commit it?",
    ]);
    expect(picture(flow, simulation.happenings)[0]).toBe("test 01abc  waiting 14s");
    simulation.signal({ kind: "cancel", by: "eva", reason: null });
    expect(picture(flow, simulation.happenings)[0]).toBe("test 01abc  canceled 17s");
    expect(lines(flow, simulation.happenings)[2]).toMatch(/^3 ok canceled \d+s Commit it\?$/);
  });

  test("stays open where something failed, with why", () => {
    const simulation = new Simulation(flow);
    simulation.fails("start", "no network");
    expect(lines(flow, simulation.happenings)).toEqual([
      "1 start failed 1s no network",
      expect.stringMatching(/^2 work skipped \S/),
      expect.stringMatching(/^3 ok skipped \S/),
    ]);
    const other = new Simulation(flow);
    other.done("start");
    other.fails("work.1.code", "it broke");
    expect(lines(flow, other.happenings)).toEqual([
      "1 start done 1s",
      expect.stringMatching(/^2 work failed \d+s iteration 1 of 3: "code" failed.*it broke$/),
      "  1 code failed 1s it broke",
      expect.stringMatching(/^ {2}2 verify skipped /),
      expect.stringMatching(/^3 ok skipped /),
    ]);
  });

  test("shows of many items those under way and those that failed, and counts the others", () => {
    const each = flowOf([
      forEach("files", [run("lint", { onFailure: "continue" })], {
        items: "[1, 2, 3, 4, 5]",
        limit: 2,
      }),
    ]);
    const simulation = new Simulation(each);
    simulation.done("files.1.lint");
    simulation.fails("files.2.lint", "bad style");
    simulation.claim("files.3.lint");
    expect(lines(each, simulation.happenings)).toEqual([
      "1 files running 9s 1 done, 1 done with a failure, 2 under way",
      "  1 2.lint failed 1s bad style",
      "  1 3.lint running 0s",
      "  1 4.lint ready",
    ]);
  });

  test("counts items as failed in which a failure is the end", () => {
    const list = forEach("list", [run("a")], { items: "[1]", onFailure: "continue" });
    const each = flowOf([forEach("each", [list, run("b")], { items: "[1, 2]" })]);
    const simulation = new Simulation(each);
    simulation.fails("each.1.list.1.a");
    simulation.done("each.1.b");
    expect(lines(each, simulation.happenings)[0]).toMatch(/ 1 done with a failure, 1 under way$/);
    simulation.fails("each.2.b");
    simulation.done("each.2.list.1.a");
    expect(lines(each, simulation.happenings)[0]).toMatch(
      /^1 each failed \d+s 1 done with a failure, 1 failed: /,
    );
  });

  test("shows the steps of a flow in it", () => {
    const inner = flowOf([ask("which")]);
    const outer = flowOf([subflow("sub", inner)]);
    const simulation = new Simulation(outer);
    simulation.waits("sub.1.which", question);
    expect(lines(outer, simulation.happenings)).toEqual([
      "1 sub running 3s",
      "  1 which waiting 1s which?",
    ]);
  });

  test("tells of attempts that come again, and of steps whose end nobody knows", () => {
    const careful = flowOf([
      run("once", { recovery: "ask", retry: { attempts: 2, baseMs: 1, maxMs: 1 } }),
    ]);
    const simulation = new Simulation(careful);
    simulation.fails("once", "hiccup", true);
    expect(lines(careful, simulation.happenings)).toEqual(["1 once retrying 1s hiccup"]);
    simulation.claim("once");
    simulation.recover("once");
    expect(lines(careful, simulation.happenings)[0]).toMatch(/^1 once undecided /);
    expect(statusOfView(viewAfter(simulation.happenings))).toBe("waiting");
  });

  test("fits into 40 columns, whatever the words and names are", () => {
    const long = flowOf([agent("a-step-with-a-very-long-name-indeed"), run("b")]);
    const happenings: readonly FlowHappening[] = [
      started("a-step-with-a-very-long-name-indeed"),
      { type: "step_progress", key: "a-step-with-a-very-long-name-indeed", words: "字".repeat(90) },
    ];
    const drawn = picture(long, happenings, { columns: 40 });
    for (const line of drawn) expect(cellsOf(line)).toBeLessThanOrEqual(40);
    expect(drawn[0]).toBe("test running 2s  01abc");
    expect(drawn[1]).toMatch(/^1 a-step-with-a… running {2}1s 字+…$/);
  });

  test("leaves out what is over, and then what is to come, when there are few rows", () => {
    const wide = flowOf([
      ...Array.from({ length: 6 }, (_, index) => run(`done-${index}`)),
      run("now"),
      ...Array.from({ length: 3 }, (_, index) => run(`later-${index}`, { needs: ["now"] })),
    ]);
    const simulation = new Simulation(wide);
    for (let index = 0; index < 6; index += 1) simulation.done(`done-${index}`);
    simulation.claim("now");
    expect(picture(wide, simulation.happenings, { rows: 5 }).map((line) => line.trim())).toEqual([
      expect.stringContaining("running"),
      expect.stringMatching(/^1 now +running/),
      "2 later-0",
      "2 later-1",
      "… and 7 more steps",
    ]);
    expect(picture(wide, simulation.happenings, { rows: 2 })).toHaveLength(2);
    expect(picture(wide, simulation.happenings, { rows: 1 })).toHaveLength(1);
  });
});
