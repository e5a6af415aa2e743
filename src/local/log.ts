import { ftruncateSync, writeSync } from "node:fs";
import { toIso } from "../clock.ts";
import type { Clock } from "../clock.ts";
import type { FailureCode } from "../failure.ts";
import type { CompletionStatus } from "../gateway/hook.ts";
import type { CommandEnd } from "./command-end.ts";
import type { HandoffFate } from "./run-agent.ts";

/** Why a gateway leaves. */
export type GatewayLeaveReason = "idle" | "replaced" | "signal" | "bug";

/** What can happen in a local gateway; neither tokens nor messages are ever part of it. */
export type GatewayHappening =
  | { readonly type: "gateway_started"; readonly url: string; readonly version: string }
  | { readonly type: "gateway_not_needed"; readonly message: string }
  | { readonly type: "gateway_failed"; readonly code: FailureCode; readonly message: string }
  | { readonly type: "gateway_leaving"; readonly because: GatewayLeaveReason }
  | { readonly type: "gateway_ended" }
  | { readonly type: "gateway_bug"; readonly message: string }
  | { readonly type: "config_invalid"; readonly message: string }
  | { readonly type: "request_refused"; readonly status: number }
  | { readonly type: "run_queued"; readonly gatewayRunId: string; readonly agent: string }
  | { readonly type: "run_not_admitted"; readonly gatewayRunId: string; readonly because: string }
  | {
      readonly type: "run_started";
      readonly gatewayRunId: string;
      readonly agent: string;
      /** The run that the message names, or null. */
      readonly runId: string | null;
    }
  | {
      readonly type: "run_ended";
      readonly gatewayRunId: string;
      readonly agent: string;
      readonly runId: string | null;
      readonly end: CommandEnd;
      readonly handoff: HandoffFate["kind"];
      readonly completion: CompletionStatus;
      readonly handoffError?: string;
      readonly tookMs: number;
    }
  | { readonly type: "lost_processes_ended"; readonly pids: readonly number[] };

/** Takes down what happens; must not throw. */
export type GatewayLog = (happening: GatewayHappening) => void;

const MAX_LOG_BYTES = 4 * 1024 * 1024;

/** A log of one JSON line each into an open file, which starts over when it has become too long. */
export function createFileLog(fd: number, clock: Clock): GatewayLog {
  let bytes = 0;
  return (happening) => {
    const line = `${JSON.stringify({ at: toIso(clock.nowMs()), pid: process.pid, ...happening })}\n`;
    try {
      if (bytes > MAX_LOG_BYTES) {
        bytes = 0;
        ftruncateSync(fd);
      }
      bytes += writeSync(fd, line);
    } catch {
      // A full disk, a closed terminal: the gateway goes on without a log.
    }
  };
}
