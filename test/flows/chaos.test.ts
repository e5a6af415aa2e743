import { expect, test } from "vitest";
import { killAtPoint } from "./chaos/kill-points.ts";
import { killWorkers } from "./chaos/kill-workers.ts";
import { sqlite } from "./conformance/kinds.ts";

test("workers are killed at random: every flow run ends right, and no finished step is done again", async () => {
  const told: string[] = [];
  const report = await killWorkers({
    kind: sqlite,
    kills: 8,
    random: Math.random,
    tell: (words) => void told.push(words),
  });
  expect(report.problems, told.join("\n")).toEqual([]);
  expect(report.kills).toBe(8);
});

/* All points are for `npm run test:chaos`; at these, an agent has just been asked, or is about to be. */
test.for([60, 70, 80])(
  "a process is killed at its effect %i on the world: no agent is asked twice",
  async (point) => {
    expect(await killAtPoint(point)).toEqual({ wasKilled: true, problems: [] });
  },
);
