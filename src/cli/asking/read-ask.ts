import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { messageOf } from "../../thrown.ts";
import type { Ask } from "../../run/plan.ts";
import type { DelegateCommand, TextSource } from "../command.ts";
import { readText } from "./read-text.ts";

/** Reads everything that the command names: task, context, schema. */
export function readAsk(command: DelegateCommand, cwd: string): Result<Ask> {
  const task = readText(command.task, cwd);
  if (!task.ok) return task;
  const context: { name: string; text: string }[] = [];
  for (const source of command.context) {
    const text = readText(source, cwd);
    if (!text.ok) return text;
    context.push({ name: nameOf(source), text: text.value });
  }
  const dataSchema = readSchema(command.schemaFile, cwd);
  if (!dataSchema.ok) return dataSchema;
  return success({
    agent: command.agent,
    task: task.value,
    context,
    caller: command.caller,
    parentRunId: command.parentRunId,
    runId: command.runId,
    workflowRunId: command.workflowRunId,
    stepId: command.stepId,
    attempts: command.attempts,
    timeoutMs: command.timeoutMs,
    deadlineMs: command.deadlineMs,
    idleTimeoutMs: command.idleTimeoutMs,
    validation: command.validates ? "strict" : "basic",
    dataSchema: dataSchema.value,
    mode: command.mode,
    doesDeliver: command.doesDeliver,
    checksHealth: command.checksHealth,
  });
}

/** Reads a JSON Schema from a file; null when none is named. */
export function readSchema(path: string | null, cwd: string): Result<unknown> {
  if (path === null) return success(null);
  const text = readText({ kind: "file", path }, cwd);
  if (!text.ok) return text;
  try {
    const schema: unknown = JSON.parse(text.value);
    return success(schema);
  } catch (error) {
    const reason = messageOf(error);
    return failure({
      code: "usage",
      message: `${path} is not JSON: ${reason}`,
      hint: "give a JSON Schema (2020-12) as a JSON file",
    });
  }
}

/** What a text is called; nothing where a shell's `<(command)` has made the path. */
function nameOf(source: TextSource): string {
  if (source.kind !== "file") return "stdin";
  const { path } = source;
  return /^\/(?:dev|proc\/[^/]+)\/fd\//.test(path) ? "" : (path.split("/").at(-1) ?? path);
}
