import { expect, test } from "vitest";
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
}, 120_000);
