import { formatElapsed } from "../text/time-span.ts";
import { unreachable } from "../unreachable.ts";
import type { WatchRow } from "./watch-row.ts";
import { cellsOf, fitCells, padCells } from "../text/width.ts";

/** What the lines of a screen depend on besides the runs. */
export interface ScreenView {
  readonly columns: number;
  /** The most lines that may be used. */
  readonly rows: number;
  readonly nowMs: number;
  /** Makes a text harmless for a terminal and keeps it on one line. */
  readonly plain: (text: string) => string;
}

/** From here on there is room for the run's id. */
const ROOMY_COLUMNS = 80;

/** The lines of the runs in flight, newest below; of too many, the newest. */
export function screenLines(rows: readonly WatchRow[], view: ScreenView): readonly string[] {
  if (rows.length === 0) return [fitCells("no run in flight; Ctrl-C ends", view.columns)];
  const fitting = Math.max(1, view.rows);
  const shownCount = rows.length <= fitting ? rows.length : Math.max(1, fitting - 1);
  const shown = rows.slice(-shownCount);
  const lines = shown.map((row) => rowLine(row, shown, view));
  const hidden = rows.length - shownCount;
  if (hidden === 0 || fitting === 1) return lines;
  return [fitCells(`… and ${hidden} more`, view.columns), ...lines];
}

/** One run's line, its columns as wide as all of these runs need. */
export function rowLine(row: WatchRow, among: readonly WatchRow[], view: ScreenView): string {
  const isRoomy = view.columns >= ROOMY_COLUMNS;
  const elapsed = (one: WatchRow): string => elapsedLabel(one, view.nowMs);
  const columns = [
    // The common states are of about the same length: the rest of the line stays where it is as they change.
    column(row, among, stateLabel, 8, isRoomy ? 16 : 12),
    column(row, among, (one) => view.plain(one.agent), 0, isRoomy ? 20 : 10),
    column(row, among, attemptLabel, 3, 3),
    padStart(elapsed(row), Math.max(3, ...among.map((one) => cellsOf(elapsed(one))))),
    ...(isRoomy ? [column(row, among, ({ runId }) => runId, 0, 28)] : []),
    view.plain(wordsOf(row, view.nowMs)),
  ];
  return fitCells(columns.join(isRoomy ? "  " : " ").trimEnd(), view.columns);
}

const unattendedLabels = { undriven: "left", handed_over: "handed_over" } as const;

/** The run's state in a word. */
export function stateLabel({ state, attended }: WatchRow): string {
  switch (state.kind) {
    case "ended":
      return state.end.label;
    case "resting":
      return attended === "driven" ? "retrying" : unattendedLabels[attended];
    case "asking":
      return "asking";
    case "sending":
    case "waiting":
    case "working":
      return attended === "driven" ? state.kind : unattendedLabels[attended];
    default:
      return unreachable(state);
  }
}

/** Which attempt of how many, `2/3`. */
export function attemptLabel({ attempt, attemptsInAll }: WatchRow): string {
  return attempt === 0 ? "-" : `${attempt}/${Math.max(attempt, attemptsInAll)}`;
}

/** How long the run has been going on, or has taken. */
export function elapsedLabel({ state, createdAtMs }: WatchRow, nowMs: number): string {
  return formatElapsed((state.kind === "ended" ? state.end.atMs : nowMs) - createdAtMs);
}

/** The last words about a run. */
export function wordsOf(row: WatchRow, nowMs: number): string {
  if (row.state.kind === "ended") return row.words;
  if (row.state.kind === "asking") return row.words;
  if (row.attended === "undriven") return `nobody waits for it: delegate wait ${row.runId}`;
  if (row.attended === "handed_over") return `delegate wait ${row.runId} takes it`;
  if (row.state.kind !== "resting") return row.words;
  const left = formatElapsed(row.state.dueAtMs - nowMs);
  return `again in ${left}${row.words === "" ? "" : `: ${row.words}`}`;
}

function column(
  row: WatchRow,
  among: readonly WatchRow[],
  textOf: (row: WatchRow) => string,
  least: number,
  most: number,
): string {
  const width = Math.min(most, Math.max(least, ...among.map((one) => cellsOf(textOf(one)))));
  return padCells(fitCells(textOf(row), width), width);
}

function padStart(text: string, cells: number): string {
  return " ".repeat(Math.max(0, cells - cellsOf(text))) + text;
}
