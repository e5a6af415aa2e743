import type { Sink } from "../events/event.ts";
import type { LiveLimits } from "../events/live-line.ts";
import type { CommonOptions } from "./command.ts";
import { plainLine } from "./plain.ts";
import type { Shell } from "./shell.ts";

/** The sinks that show a run on stderr. */
export interface Progress {
  readonly sinks: readonly Sink[];
  /** Takes away what was drawn; may be called again. */
  close(): void;
}

const nothing: Progress = { sinks: [], close: () => undefined };

/** Lines with `--verbose`, one live line on a terminal, otherwise nothing. */
export async function openProgress(
  options: CommonOptions,
  limits: LiveLimits,
  shell: Shell,
): Promise<Progress> {
  if (options.isVerbose) {
    const { LineSink } = await import("../events/line-sink.ts");
    return {
      sinks: [new LineSink((line) => shell.stderr.write(`${plainLine(line)}\n`))],
      close: () => undefined,
    };
  }
  if (options.isQuiet || !shell.stderr.isTerminal || shell.env["TERM"] === "dumb") return nothing;
  const { LiveLine } = await import("../events/live-line.ts");
  const { columnsOf } = await import("./columns.ts");
  const line = new LiveLine(
    { write: shell.stderr.write, columns: columnsOf(2), nowMs: () => shell.clock.nowMs() },
    limits,
  );
  let isOpen = true;
  const close = (): void => {
    if (isOpen) line.close();
    isOpen = false;
  };
  return { sinks: [line], close };
}
