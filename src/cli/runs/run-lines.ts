import type { RunRecord } from "../../run/record.ts";
import { plainLine } from "../../text/plain.ts";
import { formatAge } from "../../text/time-span.ts";
import { fitCells } from "../../text/width.ts";
import { alignColumns } from "../terminal/align.ts";

/** With less room than this, an id and what it stands for do not fit on one line. */
const LEAST_COLUMNS_FOR_ONE_LINE = 64;

/** A run, and whether its agent has handed over what nobody has taken yet. */
export interface ShownRun {
  readonly record: RunRecord;
  readonly isHandedOver: boolean;
}

/** Runs as lines of a terminal: one each, or the id on a second line where there is little room. */
export function runLines(
  runs: readonly ShownRun[],
  columns: number,
  nowMs: number,
): readonly string[] {
  const ids = runs.map(({ record }) => plainLine(record.runId));
  const rows = runs.map(({ record: run, isHandedOver }) => [
    isHandedOver ? "handed_over" : statusOf(run),
    formatAge(nowMs - Date.parse(run.createdAt)).padStart(6),
    plainLine(run.agent),
    plainLine(run.task),
  ]);
  const lines =
    columns < LEAST_COLUMNS_FOR_ONE_LINE
      ? alignColumns(rows).flatMap((line, index) => [line, `  ${ids[index] ?? ""}`])
      : alignColumns(rows.map((row, index) => [ids[index] ?? "", ...row]));
  return lines.map((line) => fitCells(line, columns));
}

function statusOf({ failure, status, phase }: RunRecord): string {
  return failure?.code ?? status ?? (phase === "asking" ? "asking" : "running");
}
