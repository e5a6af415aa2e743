import { outcomeText } from "./outcome-text.ts";
import type { RunStatus } from "./run-status.ts";
import { isTicking, statusText } from "./status-text.ts";
import type { StatusView } from "./status-view.ts";

/** What Telegram shows of a run; `result` is what its agent handed over, or null. */
export function viewOfRun(status: RunStatus, result: () => string | null): StatusView {
  const { phase } = status;
  const ending = phase.kind === "ended" ? phase.ending : null;
  return {
    textAt: (nowMs) => statusText(status, nowMs),
    isTicking: isTicking(status),
    ending:
      ending === null
        ? null
        : { seq: ending.seq, html: () => outcomeText(status, ending, result()) },
  };
}
