// @ts-check

import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Which diff is meant: that in a file; all that is staged; or all that has changed since a branch or commit, also what is
 * not committed yet.
 *
 * @typedef {{ kind: "file", path: string } | { kind: "staged" } | { kind: "since", base: string }} DiffSource
 */

/**
 * A diff, the folder that its names are relative to, and files that git does not know and which are therefore not in it.
 *
 * @typedef {{ text: string, root: string, unknown: readonly string[] }} TakenDiff
 */

/**
 * Which diff variables of the environment name: DIFF_FILE, STAGED (not empty) or BASE.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {DiffSource}
 */
export function diffSourceIn(env) {
  const path = env["DIFF_FILE"] ?? "";
  if (path !== "") return { kind: "file", path };
  return (env["STAGED"] ?? "") === ""
    ? { kind: "since", base: env["BASE"] || "HEAD" }
    : { kind: "staged" };
}

/**
 * Takes a diff without changing anything, or says why there is none.
 *
 * @param {DiffSource} source
 * @returns {Promise<TakenDiff | { problem: string }>}
 */
export async function takeDiff(source) {
  try {
    switch (source.kind) {
      case "file":
        return { text: await readDiff(source.path), root: await rootOrHere(), unknown: [] };
      case "staged":
        return { text: await diffOf("--cached"), root: await root(), unknown: [] };
      case "since":
        return {
          text: await diffOf(await commonWith(source.base)),
          root: await root(),
          unknown: linesOf(
            await git("ls-files", "--others", "--exclude-standard", "--full-name", ":/"),
          ),
        };
    }
  } catch (error) {
    return { problem: explain(error) };
  }
}

/** @param {string} path */
async function readDiff(path) {
  const stats = await stat(path);
  if (!stats.isFile()) throw new Error(`${path} is not a plain file`);
  if (stats.size > MAX_BYTES)
    throw new Error(`${path} has ${stats.size} bytes, at most ${MAX_BYTES} are read`);
  return await readFile(path, "utf8");
}

/**
 * Whatever the user's settings are, the diff looks the same, and no program of theirs is run.
 *
 * @param {string} what
 */
function diffOf(what) {
  const form = ["--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--find-renames"];
  return git("diff", ...form, "--src-prefix=a/", "--dst-prefix=b/", what, "--");
}

/**
 * The commit from which the work in this folder and the base have parted.
 *
 * @param {string} base
 */
async function commonWith(base) {
  if (base.startsWith("-")) throw new Error(`"${base}" is no branch and no commit`);
  const commit = await git("rev-parse", "--verify", "--quiet", `${base}^{commit}`).catch(() => {
    throw new Error(`"${base}" is no branch and no commit of this repository`);
  });
  const common = await git("merge-base", commit.trim(), "HEAD").catch(() => {
    throw new Error(`"${base}" and the current branch have no commit in common`);
  });
  return common.trim();
}

async function root() {
  return (await git("rev-parse", "--show-toplevel")).replace(/\n$/, "");
}

function rootOrHere() {
  return root().catch(() => process.cwd());
}

/** @param {string} text */
function linesOf(text) {
  return text.split("\n").filter((line) => line !== "");
}

/** @param {readonly string[]} words */
async function git(...words) {
  const { stdout } = await promisify(execFile)("git", ["-c", "core.quotePath=false", ...words], {
    maxBuffer: MAX_BYTES,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
  });
  return stdout;
}

/** @param {unknown} error */
function explain(error) {
  if (!(error instanceof Error)) return String(error);
  const said = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return said === "" ? error.message : said;
}
