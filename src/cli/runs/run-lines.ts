import type { RunRecord } from "../../run/stored/record.ts";
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
  const rows = runs.map((run) => [
    stateOf(run),
    formatAge(nowMs - Date.parse(run.record.createdAt)).padStart(6),
    plainLine(run.record.agent),
    plainLine(run.record.task),
  ]);
  const lines =
    columns < LEAST_COLUMNS_FOR_ONE_LINE
      ? alignColumns(rows).flatMap((line, index) => [line, `  ${ids[index] ?? ""}`])
      : alignColumns(rows.map((row, index) => [ids[index] ?? "", ...row]));
  return lines.map((line) => fitCells(line, columns));
}

/** How a run stands, in one word: how it ended, or `handed_over`, `asking` or `running`. */
export function stateOf({ record, isHandedOver }: ShownRun): string {
  const { failure, status, phase } = record;
  if (isHandedOver) return "handed_over";
  return failure?.code ?? status ?? (phase === "asking" ? "asking" : "running");
}
