import type { Frame, TerminalSize } from "./frame.ts";
import { redraw } from "./frame.ts";
import type { ScreenView } from "./screen.ts";
import { rowLine, screenLines } from "./screen.ts";
import type { WatchRow } from "./watch-row.ts";
import type { WatchView } from "./watch-view.ts";

/** The terminal of a live view. */
export interface LiveTerminal {
  readonly write: (text: string) => void;
  readonly size: () => TerminalSize;
  /** Makes a text harmless, on one line. */
  readonly plain: (text: string) => string;
}

/** Runs in flight in lines that change in place; those that have ended stay above them. */
export class LiveView implements WatchView {
  readonly #terminal: LiveTerminal;
  #frame: Frame | null = null;

  constructor(terminal: LiveTerminal) {
    this.#terminal = terminal;
  }

  onRow(): void {
    // Shown with all the others, at the next turn.
  }

  show(rows: readonly WatchRow[], ended: readonly WatchRow[], nowMs: number): void {
    this.#draw(rows, ended, (view) => screenLines(rows, view), nowMs, false);
  }

  finish(rows: readonly WatchRow[], ended: readonly WatchRow[], nowMs: number): void {
    const linesFor = (view: ScreenView): readonly string[] =>
      rows.length === 0 ? [] : screenLines(rows, view);
    this.#draw(rows, ended, linesFor, nowMs, true);
    this.#frame = null;
  }

  /** What was drawn is left as it is, for the terminal's cursor may be elsewhere now. */
  startAfresh(): void {
    this.#frame = null;
  }

  #draw(
    rows: readonly WatchRow[],
    ended: readonly WatchRow[],
    linesFor: (view: ScreenView) => readonly string[],
    nowMs: number,
    isLast: boolean,
  ): void {
    const { write, size: sizeNow, plain } = this.#terminal;
    const size = sizeNow();
    // The last column stays free, and so does the line on which the cursor rests.
    const view = { columns: Math.max(1, size.columns - 1), rows: size.rows - 1, nowMs, plain };
    const lines = linesFor(view);
    // The last time also overwrites the ^C that the terminal has shown.
    if (!isLast && ended.length === 0 && isSame(lines, this.#frame?.lines)) return;
    const staying = ended.map((row) => rowLine(row, [...ended, ...rows], view));
    write(redraw(this.#frame, staying, lines, size));
    this.#frame = { lines };
  }
}

function isSame(lines: readonly string[], before: readonly string[] | undefined): boolean {
  return before !== undefined && lines.join("\n") === before.join("\n");
}
