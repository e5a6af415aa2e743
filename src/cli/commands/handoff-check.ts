import { basename, dirname, resolve } from "node:path";
import type { Problem, Result } from "../../failure.ts";
import { failure, failureKinds, success } from "../../failure.ts";
import type { Reading } from "../../handoff/check.ts";
import { readHandoff } from "../../handoff/check.ts";
import { MAX_HANDOFF_BYTES } from "../../handoff/document.ts";
import { attemptOfFileName, runPaths } from "../../handoff/paths.ts";
import { readHandoffFile } from "../../handoff/read.ts";
import { tooLarge } from "../../handoff/submission.ts";
import type { RunRequest } from "../../run/request.ts";
import { readRequest } from "../../run/run-folder.ts";
import { unreachable } from "../../unreachable.ts";
import type { DocumentSource, HandoffCommand } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import { readSchema } from "../asking/read-ask.ts";
import { nameOf, readBytes } from "../asking/read-text.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { describeProblems } from "./handoff-problems.ts";

type CheckCommand = HandoffCommand & { action: "check" };

/** `delegate handoff check <file|->`: needs no config, so that an agent can call it anywhere. */
export async function runHandoffCheck(command: CheckCommand, shell: Shell): Promise<number> {
  const { document } = command;
  const request =
    document.kind === "file" ? requestBeside(resolve(shell.cwd, document.path)) : null;
  const given = readSchema(command.schemaFile, shell.cwd);
  if (!given.ok) return reportRefusal(given.failure, command.isJson, shell);
  const check = await compileDataCheck(given.value ?? request?.dataSchema ?? null);
  if (!check.ok) return reportRefusal(check.failure, command.isJson, shell);
  const bytes = readDocument(document, shell.cwd);
  if (!bytes.ok) return reportRefusal(bytes.failure, command.isJson, shell);
  const problems =
    "problems" in bytes.value
      ? bytes.value.problems
      : problemsOf(
          readHandoff(bytes.value, {
            runId: request?.runId ?? null,
            agent: request?.agent ?? null,
            validation: command.validates ? (request?.validation ?? "strict") : "basic",
            checkData: check.value,
          }),
        );
  return tell(command, problems, shell);
}

/** The document, or what is wrong with where it is. */
function readDocument(
  source: DocumentSource,
  cwd: string,
): Result<Uint8Array | { readonly problems: readonly Problem[] }> {
  if (source.kind === "stdin") {
    const read = readBytes(source, cwd, MAX_HANDOFF_BYTES);
    return !read.ok || read.value.length <= MAX_HANDOFF_BYTES
      ? read
      : success({ problems: [{ at: "", message: tooLarge }] });
  }
  const file = readHandoffFile(resolve(cwd, source.path));
  switch (file.kind) {
    case "read":
      return success(file.bytes);
    case "refused":
      return success({ problems: [{ at: "", message: file.reason }] });
    case "absent":
      return failure({
        code: "usage",
        message: `${source.path} does not exist`,
        hint: "write the handoff first, then check it",
      });
    default:
      return unreachable(file);
  }
}

function tell(command: CheckCommand, problems: readonly Problem[], shell: Shell): number {
  const isValid = problems.length === 0;
  const name = nameOf(command.document);
  if (command.isJson) reportJson({ file: name, isValid, problems }, shell);
  else
    shell.stdout.write(
      isValid ? `${plainLine(name)}: a valid handoff\n` : describeProblems(name, problems),
    );
  return isValid ? 0 : failureKinds.invalid.exit;
}

function problemsOf(reading: Reading): readonly Problem[] {
  return reading.kind === "unfinished" || reading.kind === "rejected" ? reading.problems : [];
}

/** A handoff file that lies in its run's folder is checked against that run. */
function requestBeside(path: string): RunRequest | null {
  if (attemptOfFileName(basename(path)) === null) return null;
  const folder = dirname(path);
  const read = readRequest(runPaths(dirname(folder), basename(folder)));
  return read.ok ? read.value : null;
}

/** The check of a handoff's `data`, or null when nothing is asked of it. */
export async function compileDataCheck(
  schema: unknown,
): Promise<Result<((data: unknown) => readonly Problem[]) | null>> {
  if (schema === null) return success(null);
  const { compileDataSchema } = await import("../../handoff/data-schema.ts");
  return compileDataSchema(schema);
}
