import { expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import { LiveLine } from "../../src/events/live-line.ts";

const admitted: RunHappening = {
  type: "attempt_admitted",
  attempt: 1,
  gatewayRunId: null,
  isIdempotent: true,
};
const failed: RunHappening = {
  type: "attempt_failed",
  attempt: 1,
  failure: { code: "malformed", message: "m", hint: "h" },
  isRetryable: true,
  retryAfterMs: null,
};
const resting: RunHappening = {
  type: "retry_scheduled",
  attempt: 2,
  dueAt: "2026-11-21T12:00:00Z",
};

test("a time left is shown only while an attempt's time runs", () => {
  const shown: string[] = [];
  let nowMs = 0;
  const screen = {
    write: (text: string) => shown.push(text),
    columns: () => 80,
    nowMs: () => nowMs,
  };
  const line = new LiveLine(screen, { timeoutMs: 60_000 });
  const tell = (happening: RunHappening): string => {
    nowMs += 2_000;
    line.record({ seq: 1, at: "2026-11-21T12:00:00.000Z", runId: "r", ...happening });
    return shown.at(-1)?.slice("\r\u001B[2K".length) ?? "";
  };
  expect(tell({ type: "attempt_started", attempt: 1 })).toBe("sending 2 s");
  expect(tell(admitted)).toBe("waiting 4 s, 1 min 0 s left");
  expect(tell(failed)).toBe("trying again soon 6 s");
  expect(tell(resting)).toBe("trying again soon 8 s");
  expect(tell({ type: "attempt_started", attempt: 2 })).toBe("sending 2/2 10 s");
  line.close();
});
