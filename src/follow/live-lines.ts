import type { Frame, TerminalSize } from "./frame.ts";
import { redraw } from "./frame.ts";

/** The terminal on which lines are drawn that change in place. */
export interface LinesTerminal {
  readonly write: (text: string) => void;
  readonly size: () => TerminalSize;
}

/** Lines that change in place, below those that stay. */
export class LiveLines {
  readonly #terminal: LinesTerminal;
  #frame: Frame | null = null;

  constructor(terminal: LinesTerminal) {
    this.#terminal = terminal;
  }

  /** How much room there is: the last column stays free, and so does the line on which the cursor rests. */
  get room(): TerminalSize {
    const { columns, rows } = this.#terminal.size();
    return { columns: Math.max(1, columns - 1), rows: Math.max(1, rows - 1) };
  }

  /** Draws these lines in the place of those before, and above them others that stay. */
  draw(lines: readonly string[], staying: readonly string[] = []): void {
    const hasChanged = this.#frame === null || !isSame(lines, this.#frame.lines);
    if (hasChanged || staying.length > 0) this.#redraw(lines, staying);
  }

  /** Writes lines that stay above, whole however long they are. */
  stay(lines: readonly string[]): void {
    const drawn = this.#frame?.lines ?? [];
    this.erase();
    this.#terminal.write(lines.map((line) => `${line}\n`).join(""));
    this.draw(drawn);
  }

  /** Draws for the last time, over what the terminal has shown of a Ctrl-C, and leaves it there. */
  finish(lines = this.#frame?.lines, staying: readonly string[] = []): void {
    if (lines !== undefined) this.#redraw(lines, staying);
    this.#frame = null;
  }

  /** What was drawn is left as it is, for the terminal's cursor may be elsewhere now. */
  startAfresh(): void {
    this.#frame = null;
  }

  /** Takes away what was drawn. */
  erase(): void {
    if (this.#frame !== null) this.#redraw([], []);
    this.#frame = null;
  }

  #redraw(lines: readonly string[], staying: readonly string[]): void {
    this.#terminal.write(redraw(this.#frame, staying, lines, this.#terminal.size()));
    this.#frame = { lines };
  }
}

function isSame(lines: readonly string[], before: readonly string[]): boolean {
  return lines.length === before.length && lines.every((line, index) => line === before[index]);
}
