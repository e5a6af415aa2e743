import { admitted } from "../run/happenings.ts";
import { describe, expect, test } from "vitest";
import type { ScreenView } from "../../src/follow/screen.ts";
import { rowLine, screenLines } from "../../src/follow/screen.ts";
import { cellsOf } from "../../src/text/width.ts";
import { created, noonMs, rowAfter, timedOut } from "./samples.ts";

const narrow: ScreenView = {
  columns: 40,
  rows: 10,
  nowMs: noonMs + 20_000,
  plain: (text) => text.replaceAll("\u001B", "?"),
};
const broad: ScreenView = { ...narrow, columns: 100 };

function runs(count: number) {
  return Array.from({ length: count }, (_, index) =>
    rowAfter(
      [
        created,
        admitted,
        {
          type: "agent_working",
          attempt: 1,
          text: `reading file ${index} of src/follow/screen.ts`,
          percent: null,
        },
      ],
      `run-${index}`,
    ),
  );
}

describe("the screen", () => {
  test("shows a run on one line of 40 columns", () => {
    expect(screenLines(runs(1), narrow)).toEqual(["working  coder 1/2 19s reading file 0 o…"]);
  });

  test("has room for the run's id when it is broader", () => {
    expect(screenLines(runs(1), broad)).toEqual([
      "working   coder  1/2  19s  run-0  reading file 0 of src/follow/screen.ts",
    ]);
  });

  test("lines up what belongs together, and cuts long names", () => {
    const rows = [
      { ...rowAfter([created]), agent: "a-very-long-agent-name" },
      { ...rowAfter([created, timedOut]), agent: "日本" },
    ];
    expect(screenLines(rows, narrow)).toEqual([
      "sending  a-very-lo… -   19s",
      "timeout  日本       2/2  1s no handoff …",
    ]);
  });

  test("makes harmless what agents say", () => {
    const row = { ...rowAfter([created]), words: "\u001B[2Jgone" };
    expect(rowLine(row, [row], narrow)).toContain("?[2Jgone");
  });

  test("of too many runs shows the newest that fit, and how many there are besides", () => {
    expect(screenLines(runs(13), { ...narrow, rows: 4 })).toEqual([
      "… and 10 more",
      "working  coder 1/2 19s reading file 10 …",
      "working  coder 1/2 19s reading file 11 …",
      "working  coder 1/2 19s reading file 12 …",
    ]);
    expect(screenLines(runs(4), { ...narrow, rows: 4 })).toHaveLength(4);
  });

  test.each([0, 1, -3])("of %i rows still shows the newest run", (rows) => {
    expect(screenLines(runs(3), { ...broad, rows })).toEqual([expect.stringContaining("run-2")]);
  });

  test("says that there is nothing to see", () => {
    expect(screenLines([], narrow)).toEqual(["no run in flight; Ctrl-C ends"]);
  });

  test.each([1, 5, 20, 39, 80, 200])("keeps within %i columns", (columns) => {
    for (const line of screenLines(runs(13), { ...narrow, columns }))
      expect(cellsOf(line)).toBeLessThanOrEqual(columns);
  });
});
