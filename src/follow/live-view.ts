import type { LinesTerminal } from "./live-lines.ts";
import { LiveLines } from "./live-lines.ts";
import type { ScreenView } from "./screen.ts";
import { rowLine, screenLines } from "./screen.ts";
import type { WatchRow } from "./watch-row.ts";
import type { WatchView } from "./watch-view.ts";

/** The terminal of a live view. */
export interface LiveTerminal extends LinesTerminal {
  /** Makes a text harmless, on one line. */
  readonly plain: (text: string) => string;
}

/** Runs in flight in lines that change in place; those that have ended stay above them. */
export class LiveView implements WatchView {
  readonly #lines: LiveLines;
  readonly #plain: LiveTerminal["plain"];

  constructor(terminal: LiveTerminal) {
    this.#lines = new LiveLines(terminal);
    this.#plain = terminal.plain;
  }

  onRow(): void {
    // Shown with all the others, at the next turn.
  }

  show(rows: readonly WatchRow[], ended: readonly WatchRow[], nowMs: number): void {
    const view = this.#viewAt(nowMs);
    this.#lines.draw(screenLines(rows, view), linesThatStay(rows, ended, view));
  }

  finish(rows: readonly WatchRow[], ended: readonly WatchRow[], nowMs: number): void {
    const view = this.#viewAt(nowMs);
    const lines = rows.length === 0 ? [] : screenLines(rows, view);
    this.#lines.finish(lines, linesThatStay(rows, ended, view));
  }

  /** What was drawn is left as it is, for the terminal's cursor may be elsewhere now. */
  startAfresh(): void {
    this.#lines.startAfresh();
  }

  #viewAt(nowMs: number): ScreenView {
    return { ...this.#lines.room, nowMs, plain: this.#plain };
  }
}

function linesThatStay(
  rows: readonly WatchRow[],
  ended: readonly WatchRow[],
  view: ScreenView,
): readonly string[] {
  return ended.map((row) => rowLine(row, [...ended, ...rows], view));
}
