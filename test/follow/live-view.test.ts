import { describe, expect, test } from "vitest";
import { redraw } from "../../src/follow/frame.ts";
import { LiveView } from "../../src/follow/live-view.ts";
import type { WatchRow } from "../../src/follow/watch-row.ts";
import { complete, created, noonMs, rowAfter } from "./samples.ts";
import { TerminalModel } from "./terminal-model.ts";

function viewOn(terminal: TerminalModel): LiveView {
  return new LiveView({
    write: (text) => terminal.write(text),
    size: () => ({ columns: terminal.columns, rows: terminal.rows }),
    plain: (text) => text,
  });
}

function run(name: string, words = ""): WatchRow {
  return { ...rowAfter([created], name), agent: name, words };
}

describe("the live view", () => {
  test("changes its lines in place", () => {
    const terminal = new TerminalModel(40, 10);
    const view = viewOn(terminal);
    view.show([run("a", "a long text"), run("b")], [], noonMs + 1_000);
    view.show([run("a", "short"), run("b")], [], noonMs + 65_000);
    expect(terminal.text).toEqual(["sending  a -   1m04s short", "sending  b -   1m04s"]);
  });

  test("leaves the line of a run that has ended above those in flight", () => {
    const terminal = new TerminalModel(40, 10);
    const view = viewOn(terminal);
    view.show([run("a"), run("b"), run("c")], [], noonMs + 2_000);
    const ended = { ...rowAfter([created, complete], "a"), agent: "a" };
    view.show([run("b"), run("c")], [ended], noonMs + 2_000);
    view.finish(
      [],
      [
        { ...ended, agent: "b" },
        { ...ended, agent: "c" },
      ],
      noonMs + 3_000,
    );
    expect(terminal.text).toEqual([
      "complete a 1/2  1s",
      "complete b 1/2  1s",
      "complete c 1/2  1s",
    ]);
  });

  test("leaves nothing behind when there is nothing to see any more", () => {
    const terminal = new TerminalModel(40, 10);
    const view = viewOn(terminal);
    view.show([], [], noonMs);
    expect(terminal.text).toEqual(["no run in flight; Ctrl-C ends"]);
    view.finish([], [], noonMs);
    expect(terminal.text).toEqual([]);
    expect(terminal).toMatchObject({ wraps: true, isCursorShown: true });
  });

  test("leaves how runs stood when it ends before them", () => {
    const terminal = new TerminalModel(40, 10);
    const view = viewOn(terminal);
    view.show([run("a")], [], noonMs + 1_000);
    view.finish([run("a")], [], noonMs + 2_000);
    expect(terminal.text).toEqual(["sending  a -    1s"]);
  });

  test("fits more runs than rows, and scrolls those that have ended away", () => {
    const terminal = new TerminalModel(40, 5);
    const view = viewOn(terminal);
    const rows = Array.from({ length: 9 }, (_, index) => run(`r${index}`));
    for (let second = 1; second < 5; second += 1) view.show(rows, [], noonMs + second * 1_000);
    expect(terminal.text).toEqual([
      "… and 6 more",
      "sending  r6 -    3s",
      "sending  r7 -    3s",
      "sending  r8 -    3s",
    ]);
    const ended = { ...rowAfter([created, complete], "r8"), agent: "r8" };
    view.show(rows.slice(0, 8), [ended], noonMs + 6_000);
    view.show(rows.slice(0, 8), [], noonMs + 7_000);
    expect(terminal.text).toEqual([
      "complete r8 1/2  1s",
      "… and 5 more",
      "sending  r5 -    6s",
      "sending  r6 -    6s",
      "sending  r7 -    6s",
    ]);
  });

  test("writes nothing while nothing changes", () => {
    const written: string[] = [];
    const view = new LiveView({
      write: (text) => written.push(text),
      size: () => ({ columns: 40, rows: 10 }),
      plain: (text) => text,
    });
    view.show([run("a")], [], noonMs + 1_000);
    view.onRow();
    view.show([run("a")], [], noonMs + 1_400);
    expect(written).toHaveLength(1);
  });

  test("begins a new frame after it was stopped and continued", () => {
    const terminal = new TerminalModel(40, 10);
    const view = viewOn(terminal);
    view.show([run("a")], [], noonMs + 1_000);
    terminal.write("[1]+ Stopped\n");
    view.startAfresh();
    view.show([run("a")], [], noonMs + 2_000);
    expect(terminal.text).toEqual(["sending  a -    0s", "[1]+ Stopped", "sending  a -    1s"]);
  });

  test("goes up further in a terminal that has become narrower, and so has wrapped its lines", () => {
    const before = { lines: ["x".repeat(60), "y"] };
    expect(redraw(before, [], ["z"], { columns: 25, rows: 10 })).toContain("\u001B[4A\r");
    expect(redraw(before, [], ["z"], { columns: 25, rows: 3 })).toContain("\u001B[2A\r");
    expect(redraw(null, [], ["z"], { columns: 0, rows: 0 })).not.toContain("A\r");
  });
});
