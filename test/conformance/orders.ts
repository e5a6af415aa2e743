/**
 * What the words in a task make a test agent do. The model behind OpenClaw and the command behind the local gateway
 * obey the same words, so that one suite can steer both:
 *
 * - `FAKE:delay=<ms>`     think that long first
 * - `FAKE:until=<name>`   think until there is a file of that name beside the handoff file
 * - `FAKE:crash`          fail without a handoff
 * - `FAKE:no-file`        say that it is done and write nothing
 * - `FAKE:bad-json`       write something that is not JSON
 * - `FAKE:bad-json-once`  the same, but only in the first attempt
 * - `FAKE:missing`        leave required fields out
 * - `FAKE:failed`         hand over with the status "failed"
 * - `FAKE:wrong-run`      hand over with another run's id
 * - `FAKE:exec`           write the file with a shell command, where there is a choice
 * - `FAKE:run=<command>`  run that shell command (the rest of the line) first and hand its output over
 */
export interface Orders {
  /** Null when the message names no handoff file. */
  readonly handoff: {
    readonly path: string;
    readonly runId: string;
    readonly agent: string;
  } | null;
  readonly delayMs: number;
  /** The path of the file that ends its thinking; null when it need not wait. */
  readonly until: string | null;
  readonly doesCrash: boolean;
  readonly command: string | null;
  readonly usesShell: boolean;
  readonly writes: "nothing" | "no-json" | "half" | "failed" | "wrong-run" | "complete";
}

/** Reads the orders in a message the way a simple agent would: its file is the first absolute path ending in `.json`. */
export function readOrders(message: string): Orders {
  const command = /FAKE:run=(.+)/.exec(message)?.[1]?.trim() ?? null;
  const words = message.replace(/FAKE:run=.+/, "");
  const path = /(?<![\w./-])\/[^\s"'`<>()[\]]*\.json\b/.exec(message)?.[0] ?? null;
  return {
    handoff: path === null ? null : { path, runId: runIdIn(message), agent: agentIn(message) },
    delayMs: Number(/FAKE:delay=(\d+)/.exec(words)?.[1] ?? 0),
    until: besides(path, /FAKE:until=(\S+)/.exec(words)?.[1]),
    doesCrash: words.includes("FAKE:crash"),
    command,
    usesShell: words.includes("FAKE:exec"),
    writes: whatToWrite(words, path),
  };
}

/** The text that goes into the handoff file; `output` is what the ordered command printed. */
export function handoffText(orders: Orders, output: string | null, now: Date): string {
  const { path: _, ...identity } = orders.handoff ?? { path: "", runId: "", agent: "" };
  const whole = {
    schemaVersion: "1.1",
    ...identity,
    status: "complete",
    result: output === null ? `Result of ${identity.runId}.` : output.trim(),
    deliverable: {
      type: "analysis",
      title: "Test",
      path: null,
      summary: "Written by the test agent.",
    },
    artifacts: [],
    confidence: "high",
    notes: "",
    timestamp: now.toISOString(),
  };
  switch (orders.writes) {
    case "nothing":
      return "";
    case "no-json":
      return "{ this is not JSON";
    case "half":
      return JSON.stringify({ schemaVersion: "1.1", runId: identity.runId });
    case "failed":
      return JSON.stringify({ ...whole, status: "failed", result: "The test agent gave up." });
    case "wrong-run":
      return JSON.stringify({ ...whole, runId: "some-other-run" });
    case "complete":
      return JSON.stringify(whole, null, 2);
  }
}

function whatToWrite(words: string, path: string | null): Orders["writes"] {
  if (path === null || words.includes("FAKE:no-file")) return "nothing";
  if (words.includes("FAKE:bad-json-once")) {
    return path.endsWith("/attempt-1.json") ? "no-json" : "complete";
  }
  if (words.includes("FAKE:bad-json")) return "no-json";
  if (words.includes("FAKE:missing")) return "half";
  if (words.includes("FAKE:failed")) return "failed";
  return words.includes("FAKE:wrong-run") ? "wrong-run" : "complete";
}

function besides(path: string | null, name: string | undefined): string | null {
  return path === null || name === undefined ? null : path.replace(/[^/]+$/, name);
}

function runIdIn(message: string): string {
  return /\[ORCHESTRATED TASK — run_id: ([\w.-]+)\]/.exec(message)?.[1] ?? "";
}

function agentIn(message: string): string {
  return /^You are ([\w-]+)\./m.exec(message)?.[1] ?? "unknown";
}
