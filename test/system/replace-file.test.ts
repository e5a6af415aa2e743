import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { replaceFile } from "../../src/system/replace-file.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

test.each([true, false])("a file is replaced as a whole, durably or not (%j)", (isDurable) => {
  const folder = temporaryFolder();
  replaceFile(folder, "a.json", "first", isDurable);
  replaceFile(folder, "a.json", Buffer.from("second"), isDurable);
  expect(readFileSync(`${folder}/a.json`, "utf8")).toBe("second");
  expect(lstatSync(`${folder}/a.json`).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

test("a link in its place is replaced, and not followed", () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/elsewhere`, "untouched");
  symlinkSync("elsewhere", `${folder}/a.json`);
  replaceFile(folder, "a.json", "new", false);
  expect(readFileSync(`${folder}/elsewhere`, "utf8")).toBe("untouched");
  expect(lstatSync(`${folder}/a.json`).isFile()).toBe(true);
});

test("where that can't be done, nothing is left behind", () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/file`, "");
  expect(() => replaceFile(`${folder}/file`, "a.json", "text", false)).toThrow("ENOTDIR");
  expect(() => replaceFile(folder, "no/such", "text", false)).toThrow("ENOENT");
  expect(readdirSync(folder)).toEqual(["file"]);
});
