import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const script = new URL("../fixtures/make-garbage.ts", import.meta.url).pathname;

function youngHeapMib(...args: readonly string[]): number {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

test("what lives for a moment gets no more and more room", () => {
  expect(youngHeapMib()).toBeGreaterThan(10);
  expect(youngHeapMib("bound")).toBeLessThan(8);
});
