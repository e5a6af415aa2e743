import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDocument } from "../../src/system/read-document.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

interface Note {
  readonly schema: "delegate.note.v1";
  readonly text: string;
}

test.each([
  ["whole", '{"schema":"delegate.note.v1","text":"hello"}', "hello"],
  ["torn", '{"schema":"delegate.no', undefined],
  ["empty", "", undefined],
  ["of another kind", '{"schema":"delegate.note.v2","text":"hello"}', undefined],
  ["no document", "[]", undefined],
])("a file that is %s", (_what, content, text) => {
  const path = `${temporaryFolder()}/note.json`;
  writeFileSync(path, content);
  expect(readDocument<Note>(path, "delegate.note.v1")?.text).toBe(text);
});

test("what is not there, or is a folder, is no document", () => {
  const folder = temporaryFolder();
  mkdirSync(`${folder}/note.json`);
  expect(readDocument<Note>(`${folder}/note.json`, "delegate.note.v1")).toBeNull();
  expect(readDocument<Note>(`${folder}/other.json`, "delegate.note.v1")).toBeNull();
});
