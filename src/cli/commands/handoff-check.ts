import { basename, dirname, resolve } from "node:path";
import type { Problem, Result } from "../../failure.ts";
import { failureKinds, success } from "../../failure.ts";
import type { Reading } from "../../handoff/check.ts";
import { readHandoff } from "../../handoff/check.ts";
import { attemptOfFileName, runPaths } from "../../handoff/paths.ts";
import { readHandoffFile } from "../../handoff/read.ts";
import type { RunRequest } from "../../run/request.ts";
import { readRequest } from "../../run/run-folder.ts";
import type { HandoffCommand } from "../command.ts";
import { plainLine } from "../plain.ts";
import { reportFailure, reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import { readSchema } from "./delegate.ts";
import { describeProblems } from "./handoff-problems.ts";

/** `delegate handoff check <file>`: needs no config, so that an agent can call it anywhere. */
export async function runHandoffCheck(
  command: HandoffCommand & { action: "check" },
  shell: Shell,
): Promise<number> {
  const path = resolve(shell.cwd, command.file);
  const request = requestBeside(path);
  const given = readSchema(command.schemaFile, shell);
  if (!given.ok) return reportFailure(given.failure, shell);
  const check = await compileDataCheck(given.value ?? request?.dataSchema ?? null);
  if (!check.ok) return reportFailure(check.failure, shell);
  const file = readHandoffFile(path);
  if (file.kind === "absent") {
    return reportFailure(
      {
        code: "usage",
        message: `${command.file} does not exist`,
        hint: "write the handoff first, then check it",
      },
      shell,
    );
  }
  const problems =
    file.kind === "refused"
      ? [{ at: "", message: file.reason }]
      : problemsOf(
          readHandoff(file.bytes, {
            runId: request?.runId ?? null,
            agent: request?.agent ?? null,
            validation: command.validates ? (request?.validation ?? "strict") : "basic",
            checkData: check.value,
          }),
        );
  return tell(command, problems, shell);
}

function tell(
  command: HandoffCommand & { action: "check" },
  problems: readonly Problem[],
  shell: Shell,
): number {
  if (command.isJson) {
    reportJson({ file: command.file, isValid: problems.length === 0, problems }, shell);
  } else if (problems.length === 0) {
    shell.stdout.write(`${plainLine(command.file)}: a valid handoff\n`);
  } else {
    shell.stdout.write(describeProblems(command.file, problems));
  }
  return problems.length === 0 ? 0 : failureKinds.invalid.exit;
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
