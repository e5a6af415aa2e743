import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { systemTrouble } from "../../src/run/stored/run-folder.ts";

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("a system without room or files for us is no bug of ours", () => {
  const error = Object.assign(new Error("EMFILE: too many open files, open '/srv/chunk.cjs'"), {
    code: "EMFILE",
    path: "/srv/chunk.cjs",
  });
  expect(systemTrouble(error)).toMatchObject({
    code: "storage_failed",
    message: "/srv/chunk.cjs can't be used: too many open files",
  });
});

test("what should not have happened is one", () => {
  expect(systemTrouble(errorOf(() => readFileSync("/nowhere/at all")))).toBeNull();
  expect(systemTrouble(new TypeError("x is not a function"))).toBeNull();
  expect(systemTrouble(Object.assign(new Error("write EPERM"), { code: "EPERM" }))).toBeNull();
});
