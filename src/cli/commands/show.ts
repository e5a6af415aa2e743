import { existsSync, readFileSync } from "node:fs";
import { describeEvent } from "../../events/wording.ts";
import { messageFileName, runPaths } from "../../handoff/paths.ts";
import { readEvents, recordFrom } from "../../run/history.ts";
import { readLeftHandoff } from "../../run/left-handoff.ts";
import type { LeftHandoff } from "../../run/left-handoff.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Command } from "../command.ts";
import { readKnownRun } from "../runs/known-run.ts";
import { plainLine, plainText } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate show <runId>`: all that is known of a run, from its events. */
export async function runShow(command: Command & { name: "show" }, shell: Shell): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const { handoffDir } = config.value;
  const request = readKnownRun(handoffDir, command.runId);
  if (!request.ok) return reportRefusal(request.failure, command.isJson, shell);
  const paths = runPaths(handoffDir, command.runId);
  const { events } = readEvents(paths.events);
  const record = recordFrom(request.value, events);
  const run = { paths, request: request.value, events };
  const left = readLeftHandoff(run, null, shell.clock.nowMs());
  const message = readText(`${paths.folder}/${messageFileName(Math.max(1, record.attempts))}`);
  const handoff = readText(paths.handoff);
  if (command.isJson) {
    const document = parseOrNull(handoff);
    const { folder } = paths;
    const waiting = left === null ? null : { attempt: left.attempt, status: left.handoff.status };
    reportJson({ record, events, message, handoff: document, untaken: waiting, folder }, shell);
    return 0;
  }
  shell.stdout.write(`${describeRecord(record, left, paths.folder)}\n\nevents\n`);
  for (const event of events)
    shell.stdout.write(`  ${event.at} ${plainLine(describeEvent(event))}\n`);
  if (message !== null) shell.stdout.write(`\nmessage\n${indent(plainText(message))}\n`);
  if (handoff !== null) shell.stdout.write(`\nhandoff\n${indent(plainText(handoff))}\n`);
  return 0;
}

/** A file that somebody spoiled later says nothing. */
function parseOrNull(text: string | null): unknown {
  try {
    const document: unknown = JSON.parse(text ?? "null");
    return document;
  } catch {
    return null;
  }
}

function describeRecord(record: RunRecord, left: LeftHandoff | null, folder: string): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ["run", record.runId],
    ["agent", record.agent],
    ["caller", record.caller],
    ["parent run", record.parentRunId],
    ["workflow", record.workflowRunId],
    ["step", record.stepId],
    ["status", record.status ?? `running (${record.phase})`],
    ["handed over", left === null ? null : untaken(record.runId, left)],
    ["attempts", `${record.attempts} of ${record.attemptsInAll}`],
    ["created", record.createdAt],
    ["ended", record.endedAt],
    ["took", record.latencyMs === null ? null : `${record.latencyMs} ms`],
    [
      "failure",
      record.failure === null ? null : `${record.failure.code}: ${record.failure.message}`,
    ],
    ["last words", record.lastWords],
    ["task", record.task],
    ["folder", folder],
  ];
  return rows
    .flatMap(([label, value]) => (value === null ? [] : [`${label}: ${plainLine(value)}`]))
    .join("\n");
}

function untaken(runId: string, { handoff: { status } }: LeftHandoff): string {
  const first = status === "blocked" ? "delegate questions lists what it asks, " : "";
  return `${status}, and nobody waits for it: ${first}delegate wait ${runId} takes it`;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

function readText(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
