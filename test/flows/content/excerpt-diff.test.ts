import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GitFolder } from "./git-folder.ts";
import { runScript } from "./run-script.ts";
import type { ScriptEnd } from "./run-script.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function fileDiff(name: string, lines: number): string {
  const added = Array.from({ length: lines }, (_, index) => `+${name} line ${index}\n`).join("");
  return `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1,${lines} @@\n${added}`;
}

function excerpt(diff: string | Buffer, maxCharacters?: number): Promise<ScriptEnd> {
  writeFileSync(join(folder, "change.diff"), diff);
  return runScript("excerpt-diff.mjs", folder, {
    DIFF_FILE: "change.diff",
    ...(maxCharacters === undefined ? {} : { MAX_CHARACTERS: `${maxCharacters}` }),
  });
}

describe("the excerpt of a diff", () => {
  it("is the whole diff when it fits, after a list of its files", async () => {
    const diff = fileDiff("b.txt", 1) + fileDiff("a.txt", 2);
    expect(await excerpt(diff)).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `2 files changed, 3 lines added, 0 removed; names are relative to ${folder}:

- b.txt (added, +1 -0)
- a.txt (added, +2 -0)

${fileDiff("b.txt", 1)}
${fileDiff("a.txt", 2)}`,
    });
  });

  it("leaves out what is too long, and says so", async () => {
    const { stdout } = await excerpt(fileDiff("huge.txt", 500) + fileDiff("small.txt", 2), 1000);
    expect(stdout).toContain(
      "- huge.txt (added, +500 -0), not shown\n- small.txt (added, +2 -0)\n",
    );
    expect(stdout).toContain("The diff of 1 file is too long and not shown");
    expect(stdout).toContain("+small.txt line 1");
    expect(stdout).not.toContain("huge.txt line");
  });

  it("prefers what people write to what programs write", async () => {
    const diff = fileDiff("package-lock.json", 5) + fileDiff("app.ts", 20);
    const { stdout } = await excerpt(diff, fileDiff("app.ts", 20).length + 10);
    expect(stdout).toContain("- package-lock.json (added, +5 -0), not shown");
    expect(stdout).toContain("+app.ts line 19");
  });

  it("stays short for thousands of files", async () => {
    const diff = Array.from({ length: 3000 }, (_, index) => fileDiff(`f${index}.txt`, 1)).join("");
    const { stdout } = await excerpt(diff, 1000);
    expect(stdout).toContain("3000 files changed");
    expect(stdout).toContain("- and 2700 more files");
    expect(stdout.length).toBeLessThan(20_000);
  });

  it("has no characters that steer a terminal", async () => {
    const { stdout } = await excerpt(fileDiff("a.txt", 1).replace("line", "\u001b[2J\u202e"));
    expect(stdout).toContain("+a.txt [2J 0");
  });

  it.each([
    ["", 1, "Nothing has changed."],
    [" \n", 1, "Nothing has changed."],
    ["Hello\n", 2, "This is no diff"],
  ])("is none of %j", async (text, exitCode, problem) => {
    const end = await excerpt(text);
    expect(end).toMatchObject({ exitCode, stdout: "" });
    expect(end.stderr).toContain(problem);
  });

  it("is none of a file that is not there, or is no file", async () => {
    for (const DIFF_FILE of ["missing.diff", "."]) {
      const end = await runScript("excerpt-diff.mjs", folder, { DIFF_FILE });
      expect(end).toMatchObject({ exitCode: 2, stdout: "" });
      expect(end.stderr).toContain("The diff can't be read: ");
    }
  });
});

describe("a diff that git makes", () => {
  let project: GitFolder;
  beforeEach(() => {
    project = new GitFolder({ "a.txt": "one\n", "deep/b.txt": "one\n" });
  });
  afterEach(() => project.dispose());

  function take(env: Readonly<Record<string, string>>, below = ""): Promise<ScriptEnd> {
    return runScript("excerpt-diff.mjs", join(project.folder, below), env);
  }

  it("has all that is not committed, and names files that git does not know", async () => {
    project.write({ "a.txt": "two\n", "new file.txt": "x\n" });
    const { stdout, exitCode } = await take({});
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1 file changed, 1 line added, 1 removed");
    expect(stdout).toContain("git does not know them: new file.txt.");
    expect(stdout).toContain("-one\n+two\n");
  });

  it("has all since the branches parted, and nothing that came to the base afterwards", async () => {
    project.git("branch", "base");
    project.write({ "a.txt": "mine\n" });
    project.commit();
    project.git("checkout", "-q", "base");
    project.write({ "deep/b.txt": "theirs\n" });
    project.commit();
    project.git("checkout", "-q", "-");
    project.write({ "a.txt": "mine, not committed\n" });
    const { stdout } = await take({ BASE: "base" });
    expect(stdout).toContain("+mine, not committed");
    expect(stdout).not.toContain("theirs");
  });

  it("has all that is staged, and only that; from any folder of the repository", async () => {
    project.write({ "a.txt": "staged\n" });
    project.git("add", "-A");
    project.write({ "a.txt": "not staged\n" });
    const { stdout } = await take({ STAGED: "yes" }, "deep");
    expect(stdout).toContain("- a.txt (changed, +1 -1)");
    expect(stdout).toContain("+staged");
    expect(stdout).not.toContain("not staged");
  });

  it("does not depend on settings, and runs no program of theirs", async () => {
    project.git("config", "diff.external", "touch ran");
    project.git("config", "diff.noprefix", "true");
    project.git("config", "diff.relative", "true");
    project.git("config", "color.diff", "always");
    project.write({ "a.txt": "two\n", "deep/b.txt": "two\n" });
    const { stdout } = await take({}, "deep");
    expect(stdout).toContain("diff --git a/a.txt b/a.txt");
    expect(stdout).not.toContain("[31m");
    expect(project.git("status", "--porcelain")).not.toContain("ran");
  });

  it("is none when nothing has changed, and says what to do about new files", async () => {
    expect(await take({})).toEqual({ exitCode: 1, stdout: "", stderr: "Nothing has changed.\n" });
    project.write({ "new.txt": "x\n" });
    expect(await take({})).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "Nothing has changed that git knows; add new files first: git add -N new.txt\n",
    });
  });

  it.each(["missing", "--output=stolen.txt", "-p", "HEAD --output=x", "$(touch ran)"])(
    "is none since %j",
    async (BASE) => {
      const end = await take({ BASE });
      expect(end).toMatchObject({ exitCode: 2, stdout: "" });
      expect(end.stderr).toContain("is no branch and no commit");
      expect(project.git("status", "--porcelain")).toBe("");
    },
  );

  it("is none outside of a repository", async () => {
    const end = await runScript("excerpt-diff.mjs", folder, {});
    expect(end).toMatchObject({ exitCode: 2, stdout: "" });
    expect(end.stderr).toContain("The diff can't be read: ");
  });
});
