import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { takeProcessLock } from "../../src/system/process-lock.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const module = new URL("../../src/system/process-lock.ts", import.meta.url).href;

/** Whether another process gets the lock. */
function canOthersTake(path: string): boolean {
  const code = `import { takeProcessLock } from "${module}"; console.log(takeProcessLock(process.argv[1]) !== null);`;
  const words = ["--no-warnings", "--input-type=module", "-e", code, path];
  return JSON.parse(spawnSync(process.execPath, words, { encoding: "utf8" }).stdout) === true;
}

test("a lock belongs to one, also when the same process asks for it again", () => {
  const path = `${temporaryFolder()}/lock`;
  const lock = takeProcessLock(path);
  expect(takeProcessLock(path)).toBeNull();
  expect(canOthersTake(path)).toBe(false);
  lock?.release();
  expect(canOthersTake(path)).toBe(true);
});
