import { toIso } from "../clock.ts";
import { attemptLabel, elapsedLabel, stateLabel, wordsOf } from "./screen.ts";
import type { WatchRow } from "./watch-row.ts";
import type { WatchView } from "./watch-view.ts";

/** Tells each change of a run's state in a line, for logs and programs. */
export class PlainView implements WatchView {
  readonly #writeLine: (line: string) => void;
  readonly #told = new Map<string, string>();

  constructor(writeLine: (line: string) => void) {
    this.#writeLine = writeLine;
  }

  onRow(row: WatchRow, atMs: number): void {
    if (row.attempt === 0 && row.state.kind !== "ended" && row.attended === "driven") return;
    const state = `${stateLabel(row)} ${row.attempt}`;
    if (this.#told.get(row.runId) === state) return;
    this.#told.set(row.runId, state);
    this.#writeLine(plainRow(row, atMs));
  }

  show(_rows: readonly WatchRow[], ended: readonly WatchRow[]): void {
    for (const { runId } of ended) this.#told.delete(runId);
  }

  finish(): void {
    // Everything has been told as it happened.
  }
}

/** One line that says all of a run's state at an instant; of one that has ended, as it was then. */
function plainRow(row: WatchRow, seenAtMs: number): string {
  const atMs = row.state.kind === "ended" ? row.state.end.atMs : seenAtMs;
  const attempt = row.attempt === 0 ? "" : ` ${attemptLabel(row)}`;
  const words = wordsOf(row, atMs);
  const facts = `${row.agent}: ${stateLabel(row)}${attempt} ${elapsedLabel(row, atMs)}`;
  return `${toIso(atMs)} ${row.runId} ${facts}${words === "" ? "" : `: ${words}`}`;
}
