import type { RunEvent, Sink } from "./event.ts";
import { describeEvent } from "./wording.ts";

/** Tells each event as a line, for `--verbose`. */
export class LineSink implements Sink {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  record(event: RunEvent): void {
    this.#write(`${event.at.slice(11, 23)} ${event.runId} ${describeEvent(event)}`);
  }
}
