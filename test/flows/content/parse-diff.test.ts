import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { parseDiff } from "../../../flows/diff/parse-diff.mjs";
import { GitFolder } from "./git-folder.ts";

const repositories: GitFolder[] = [];
afterEach(() => {
  for (const repository of repositories.splice(0)) repository.dispose();
});

function repositoryWith(files: Readonly<Record<string, string | Buffer>>): GitFolder {
  const repository = new GitFolder(files);
  repositories.push(repository);
  return repository;
}

function shapesIn(diff: string): object[] {
  return parseDiff(diff).map(({ path, oldPath, change, added, removed, isBinary }) => ({
    path,
    oldPath,
    change,
    added,
    removed,
    isBinary,
  }));
}

const plain = { change: "changed", added: 0, removed: 0, isBinary: false };

describe("a diff of git", () => {
  it("is taken apart into files: changed, new, deleted, renamed, with another mode, not text", () => {
    const long = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
    const repository = repositoryWith({
      "changed.txt": long,
      "deleted.txt": "one\ntwo\n",
      "from.txt": "kept word for word\n",
      "mode.sh": "exit\n",
      "picture.bin": Buffer.from([0, 1, 2]),
    });
    repository.git("mv", "from.txt", "to.txt");
    repository.git("rm", "-q", "deleted.txt");
    repository.git("update-index", "--chmod=+x", "mode.sh");
    repository.write({
      "changed.txt": long.replace("line 3\n", "line three\n").replace("line 30\n", ""),
      "new/deep.txt": "nothing like the others\n",
      "empty.txt": "",
      "picture.bin": Buffer.from([0, 3]),
    });
    repository.git("add", "changed.txt", "new/deep.txt", "empty.txt", "picture.bin");
    expect(shapesIn(repository.git("diff", "--cached", "-M"))).toEqual([
      { ...plain, path: "changed.txt", oldPath: "changed.txt", added: 1, removed: 2 },
      { ...plain, path: "deleted.txt", oldPath: "deleted.txt", change: "deleted", removed: 2 },
      { ...plain, path: "empty.txt", oldPath: "empty.txt", change: "added" },
      { ...plain, path: "mode.sh", oldPath: "mode.sh" },
      { ...plain, path: "new/deep.txt", oldPath: "new/deep.txt", change: "added", added: 1 },
      { ...plain, path: "picture.bin", oldPath: "picture.bin", isBinary: true },
      { ...plain, path: "to.txt", oldPath: "from.txt" },
    ]);
  });

  it("has each hunk's lines with their numbers, before and after", () => {
    const repository = repositoryWith({ "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9" });
    repository.write({ "a.txt": "1\n2\nthree\n4\n5\n6\n7\n8\n9\n10" });
    const [file] = parseDiff(repository.diff("-U0"));
    expect(file?.hunks).toEqual([
      { old: { start: 3, lines: ["3"] }, new: { start: 3, lines: ["three"] } },
      { old: { start: 9, lines: ["9"] }, new: { start: 9, lines: ["9", "10"] } },
    ]);
  });

  it("may have names with spaces, quotes, letters of any alphabet, and tabs", () => {
    const names = ["with space.txt", "größe.txt", 'quo"te\\.txt', "tab\there.txt", "b/a b/b.txt"];
    const repository = repositoryWith({ "first.txt": "1\n" });
    repository.write(Object.fromEntries(names.map((name) => [name, "x\n"])));
    expect(shapesIn(repository.diff()).map((file) => "path" in file && file.path)).toEqual(
      expect.arrayContaining(names),
    );
    const empty = repositoryWith({ "first.txt": "1\n" });
    empty.write(Object.fromEntries(names.map((name) => [name, ""])));
    expect(shapesIn(empty.diff()).map((file) => "path" in file && file.path)).toEqual(
      expect.arrayContaining(names),
    );
  });

  it("is not confused by changed lines that look like headers", () => {
    const repository = repositoryWith({ "a.sql": "-- a\n-- b\n", "z.txt": "1\n" });
    repository.write({
      "a.sql": "++ a\n++ b\n@@ -1 +1 @@\ndiff --git a/x b/x\n",
      "z.txt": "2\n",
    });
    expect(shapesIn(repository.diff())).toEqual([
      { ...plain, path: "a.sql", oldPath: "a.sql", added: 4, removed: 2 },
      { ...plain, path: "z.txt", oldPath: "z.txt", added: 1, removed: 1 },
    ]);
  });

  it("may have carriage returns and other prefixes, and a mail around it", () => {
    const repository = repositoryWith({ "a.txt": "1\r\n2\r\n" });
    repository.write({ "a.txt": "1\r\nzwei\r\n" });
    const diff = repository.diff("--src-prefix=i/", "--dst-prefix=w/");
    const mail = `From: somebody\nSubject: [PATCH] it\n\n---\n a.txt | 2 +-\n\n${diff}-- \n2.39.5\n`;
    const expected = [{ ...plain, path: "a.txt", oldPath: "a.txt", added: 1, removed: 1 }];
    expect(shapesIn(mail)).toEqual(expected);
    expect(shapesIn(diff.replaceAll(/\r?\n/g, "\r\n"))).toEqual(expected);
  });

  it("keeps its text word for word", () => {
    const repository = repositoryWith({ "a.txt": "1\n", "b.txt": "1\n" });
    repository.write({ "a.txt": "2\n", "b.txt": "2" });
    const diff = repository.diff();
    const texts = parseDiff(diff).flatMap(({ text }) => text);
    expect(`${texts.join("\n")}\n`).toBe(diff);
  });
});

describe("a diff of diff -u", () => {
  it("is taken apart as well", () => {
    const diff = `Only in b: x
--- a.txt\t2026-11-21 10:00:00.000000000 +0000
+++ a.txt\t2026-11-21 10:01:00.000000000 +0000
@@ -1 +1,2 @@
-one
+two
+three
--- /dev/null\t1970-01-01
+++ new.txt\t2026-11-21
@@ -0,0 +1 @@
+one
--- old.txt\t2026-11-21
+++ /dev/null\t1970-01-01
@@ -1 +0,0 @@
-one
\\ No newline at end of file
`;
    expect(shapesIn(diff)).toEqual([
      { ...plain, path: "a.txt", oldPath: "a.txt", added: 2, removed: 1 },
      { ...plain, path: "new.txt", oldPath: "new.txt", change: "added", added: 1 },
      { ...plain, path: "old.txt", oldPath: "old.txt", change: "deleted", removed: 1 },
    ]);
  });
});

describe("what is no whole diff", () => {
  it("has no files when it is some text", () => {
    expect(parseDiff("")).toEqual([]);
    expect(parseDiff("Hello\n--- \nthere\n@@ -1 +1 @@\n")).toEqual([]);
  });

  it("is read as far as it goes when it is cut off or counts wrong", () => {
    const head = "diff --git a/a b/a\n--- a/a\n+++ b/a\n";
    expect(shapesIn(`${head}@@ -1,9 +1,9 @@\n one\n-tw`)).toMatchObject([
      { path: "a", added: 0, removed: 1 },
    ]);
    expect(shapesIn(`${head}@@ -1,9 +1,4000000000 @@\n+one\ndiff --git a/b b/b\n`)).toMatchObject([
      { path: "a", added: 1 },
      { path: "b" },
    ]);
  });

  it("never breaks, whatever it is", () => {
    const line = fc.oneof(
      fc.constantFrom("diff --git a/x b/x", "diff --git ", "--- a/x", "+++ b/x", "+++ ", "--- "),
      fc.constantFrom("@@ -1 +1 @@", "@@ -1,2 +1,0 @@", "@@ -0,0 +9,9 @@", "\\ No newline", ""),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const files = parseDiff(lines.join("\n"));
        for (const { added, hunks } of files) {
          expect(hunks.flatMap((hunk) => hunk.new.lines).length).toBeGreaterThanOrEqual(added);
        }
      }),
    );
  });
});
