import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const script = new URL("../fixtures/make-garbage.ts", import.meta.url).pathname;

function youngHeapMib(...args: readonly string[]): number {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

/** What V8 gives depends on when its threads come to work, so that one process alone says little. */
function ofThree(...args: readonly string[]): readonly number[] {
  return [1, 2, 3].map(() => youngHeapMib(...args));
}

test("what lives for a moment gets no more and more room", () => {
  const most = Math.max(...ofThree());
  const leastBound = Math.min(...ofThree("bound"));
  expect(leastBound).toBeLessThan(most / 2);
});
