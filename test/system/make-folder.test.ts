import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { makeIgnoredFolder } from "../../src/system/make-folder.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});

test("what is kept in a repository is no change of it", () => {
  execFileSync("git", ["init", "-q"], { cwd: root });
  makeIgnoredFolder(join(root, "kept/here"));
  writeFileSync(join(root, "kept/here/run.json"), "{}");
  const changes = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
  expect(changes).toBe("");
});

test("a folder that is there stays as it is", () => {
  mkdirSync(join(root, "mine"));
  makeIgnoredFolder(join(root, "mine"));
  expect(readdirSync(join(root, "mine"))).toEqual([]);
});
