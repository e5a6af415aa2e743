import { existsSync, readFileSync } from "node:fs";
import { replaceFile } from "../system/replace-file.ts";
import type { WorkingHandoff } from "./document.ts";
import type { Expectation } from "./check.ts";
import { readHandoff } from "./check.ts";
import { attemptFileName, submittedFileName } from "./paths.ts";
import { readHandoffFile } from "./read.ts";

/**
 * Puts a handoff into its attempt's place, whatever is there. It is kept beside it first: whoever writes a sign of life
 * at the same moment puts it back.
 */
export function putHandoff(folder: string, attempt: number, text: string): void {
  replaceFile(folder, submittedFileName(attempt), text, true);
  replaceFile(folder, attemptFileName(attempt), text, true);
}

/** Puts a sign of life into the attempt's place; false when there is more than that, which stays. */
export function putSignOfLife(folder: string, attempt: number, working: WorkingHandoff): boolean {
  const submitted = `${folder}/${submittedFileName(attempt)}`;
  const name = attemptFileName(attempt);
  if (existsSync(submitted) || !isFree(`${folder}/${name}`)) return false;
  replaceFile(folder, name, `${JSON.stringify(working)}\n`, true);
  if (!existsSync(submitted)) return true;
  replaceFile(folder, name, readFileSync(submitted), true);
  return false;
}

/** Whether there is a handoff in the attempt's place with which nothing is wrong. */
export function holdsHandoff(folder: string, attempt: number, expectation: Expectation): boolean {
  return kindOf(`${folder}/${attemptFileName(attempt)}`, expectation) === "handoff";
}

/** An empty or unfinished file is about to become a handoff: its writer must not lose it. */
function isFree(path: string): boolean {
  const kind = kindOf(path, anyHandoff);
  return kind === "absent" || kind === "working";
}

function kindOf(path: string, expectation: Expectation): string {
  const file = readHandoffFile(path);
  return file.kind === "read" ? readHandoff(file.bytes, expectation).kind : file.kind;
}

const anyHandoff = { runId: null, agent: null, validation: "basic", checkData: null } as const;
