import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const script = new URL("../fixtures/make-garbage.ts", import.meta.url).pathname;

function youngHeapMib(...args: readonly string[]): number {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

/** What V8 gives depends on when its threads come to work, so that one process alone says little. */
function leastOfThree(...args: readonly string[]): number {
  return Math.min(...[1, 2, 3].map(() => youngHeapMib(...args)));
}

test("what lives for a moment gets no more and more room", () => {
  expect(leastOfThree("bound")).toBeLessThan(leastOfThree() / 2);
});
