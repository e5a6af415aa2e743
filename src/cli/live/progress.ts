import type { Sink } from "../../events/event.ts";
import type { CommonOptions } from "../command.ts";
import type { LiveSubject } from "./live-line.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";
import { canRedraw } from "../terminal/writer.ts";

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
  subject: LiveSubject,
  shell: Shell,
): Promise<Progress> {
  if (options.isVerbose) {
    const { LineSink } = await import("../../events/line-sink.ts");
    return {
      sinks: [new LineSink((line) => shell.stderr.write(`${plainLine(line)}\n`))],
      close: () => undefined,
    };
  }
  if (options.isQuiet || !canRedraw(shell.stderr, shell.env)) return nothing;
  const { LiveLine } = await import("./live-line.ts");
  const { windowSizeOf } = await import("../terminal/window-size.ts");
  const size = windowSizeOf(2);
  const line = new LiveLine(
    { write: shell.stderr.write, columns: () => size().columns, nowMs: () => shell.clock.nowMs() },
    subject,
  );
  let isOpen = true;
  const close = (): void => {
    if (isOpen) line.close();
    isOpen = false;
  };
  return { sinks: [line], close };
}
