import type { RunEvent, Sink } from "../../events/event.ts";
import type { CommonOptions } from "../command.ts";
import type { LiveSubject } from "./live-line.ts";
import { QuestionLines } from "./question-lines.ts";
import type { RunTools } from "../../run/ports.ts";
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

/** How much is shown. */
type ProgressOptions = CommonOptions & { readonly onQuestion: RunTools["onQuestion"] };

/** Lines with `--verbose`, one live line on a terminal below what is asked, otherwise only that. */
export async function openProgress(
  options: ProgressOptions,
  subject: LiveSubject,
  shell: Shell,
): Promise<Progress> {
  const { write } = shell.stderr;
  if (options.isVerbose) {
    const { LineSink } = await import("../../events/line-sink.ts");
    const lines = new LineSink((line) => write(`${plainLine(line)}\n`));
    const questions = new QuestionLines(options.onQuestion === "wait", write);
    const fromElsewhere = {
      record: () => undefined,
      overhear: (event: RunEvent) => questions.record(event),
    };
    return { ...nothing, sinks: [lines, fromElsewhere] };
  }
  if (options.isQuiet) return nothing;
  if (!canRedraw(shell.stderr, shell.env))
    return linesOf(new QuestionLines(options.onQuestion === "wait", write));
  const { LiveLine } = await import("./live-line.ts");
  const { windowSizeOf } = await import("../terminal/window-size.ts");
  const size = windowSizeOf(2);
  const line = new LiveLine(
    { write: shell.stderr.write, columns: () => size().columns, nowMs: () => shell.clock.nowMs() },
    subject,
    options.onQuestion === "wait",
  );
  let isOpen = true;
  const close = (): void => {
    if (isOpen) line.close();
    isOpen = false;
  };
  return { sinks: [line], close };
}

function linesOf(sink: Sink): Progress {
  return { sinks: [sink], close: () => undefined };
}
