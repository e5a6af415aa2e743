import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOfFlowFiles, removeFlowFiles } from "../../../src/flows/steps/flow-files.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";

/** A folder of handoffs, and a file that belongs to somebody else. */
function newFolders() {
  const base = temporaryFolder();
  const handoffDir = join(base, "handoffs");
  const flows = join(handoffDir, ".flows");
  mkdirSync(join(flows, "f/step"), { recursive: true });
  mkdirSync(join(flows, "commands"));
  mkdirSync(join(base, "other"));
  const precious = join(base, "other/precious");
  writeFileSync(precious, "x".repeat(1000));
  writeFileSync(join(flows, "commands/f.step"), "");
  writeFileSync(join(flows, "f/step/stdout.txt"), "12345");
  return { handoffDir, flows, other: join(base, "other"), precious };
}

test("the files of a flow run are removed, and those that a link leads to stay", () => {
  const { handoffDir, flows, other, precious } = newFolders();
  symlinkSync(other, join(flows, "f/step/link"));
  expect(bytesOfFlowFiles(handoffDir, "f")).toBeLessThan(1000);
  removeFlowFiles(handoffDir, "f");
  expect(existsSync(join(flows, "f"))).toBe(false);
  expect(existsSync(precious)).toBe(true);
});

test("a link in place of its folder is none of ours", () => {
  const { handoffDir, flows, other, precious } = newFolders();
  symlinkSync(other, join(flows, "g"));
  expect(bytesOfFlowFiles(handoffDir, "g")).toBe(0);
  removeFlowFiles(handoffDir, "g");
  expect(existsSync(precious)).toBe(true);
  expect(existsSync(join(flows, "g"))).toBe(true);
});

test("what belongs to all flow runs stays, whatever an id is", () => {
  const { handoffDir, flows } = newFolders();
  for (const id of ["commands", "..", "f/step", "gone"]) {
    expect(bytesOfFlowFiles(handoffDir, id)).toBe(0);
    removeFlowFiles(handoffDir, id);
  }
  expect(existsSync(join(flows, "commands/f.step"))).toBe(true);
  expect(existsSync(join(flows, "f/step/stdout.txt"))).toBe(true);
});
