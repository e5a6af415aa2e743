import type { Result } from "../failure.ts";
import type { FlowEvent } from "./event.ts";
import type { FlowRequest, FlowState } from "./flow-run.ts";
import type { FlowSignal, SignalReply } from "./signal.ts";
import type { TaskKey } from "./task.ts";
import type { Execute } from "./work.ts";
import type { EscalationRules } from "../questions/routing.ts";
import type { Limits } from "../config/flow-limits.ts";

/** How a flow run stands, in the words that people filter by. */
export type FlowRunStatus = "running" | "waiting" | "complete" | "failed" | "canceled";

/** A line of the list. */
export interface FlowSummary {
  readonly flowRunId: string;
  readonly name: string;
  readonly status: FlowRunStatus;
  readonly author: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface FlowFilter {
  readonly name: string | null;
  readonly status: FlowRunStatus | null;
  readonly limit: number;
}

/** What was asked for, or why the store can't be used (`storage_failed`). */
export type Stored<T> = Promise<Result<T>>;

/** Why a worker has left. */
export type WorkEnd = "flow_ended" | "signal" | "idle";

/** Where flow runs are kept. Both stores keep, claim and wake; what happens next is decided by the same pure functions. */
export interface FlowStore {
  /** `exists`: the same request is there already; `conflict`: another one has its id. */
  create(request: FlowRequest): Stored<"created" | "exists" | "conflict">;
  read(flowRunId: string): Stored<FlowState | null>;
  /** Newest first. */
  list(filter: FlowFilter): Stored<readonly FlowSummary[]>;
  /** In order, those with a higher number. */
  events(flowRunId: string, afterSeq: number): Stored<readonly FlowEvent[]>;
  /** Null when there is no such flow run. */
  signal(flowRunId: string, signal: FlowSignal): Stored<SignalReply | null>;
  /**
   * Whether a worker is alive that takes any flow run, or this one. One that is still there sees what was created
   * before.
   */
  hasWorker(flowRunId: string | null): Stored<boolean>;
  /**
   * Resolves as soon as something may have changed since it resolved the last time (the first time at once), or the
   * signal fires. For one that waits at a time.
   */
  changed(signal: AbortSignal): Promise<void>;
  /** Removes flow runs that ended before this instant; returns their ids. */
  prune(endedBeforeMs: number, isDryRun: boolean): Stored<readonly string[]>;
  /**
   * Carries out steps until the signal fires, or until the only flow run it is for has ended. Trouble with the store that
   * passes is waited out; what stays ends it.
   */
  work(execute: Execute, options: WorkOptions): Stored<WorkEnd>;
  close(): Promise<void>;
}

/** A step for which nobody has decided for so long that somebody else was told of it. */
export interface Escalated {
  readonly flowRunId: string;
  readonly key: TaskKey;
  readonly to: string;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
  /** Only this flow run, or null for all. */
  readonly only: string | null;
  readonly limits: Limits;
  /** Leaves after so long without anything to do; null: never. */
  readonly idleMs: number | null;
  /** Hears of trouble that does not end the worker. */
  readonly warn: (message: string) => void;
  /** Without it nobody is told of steps about which nobody has decided. */
  readonly escalation?: {
    readonly rules: EscalationRules;
    /** Hears of each step that goes to the next in line through this worker. */
    readonly tell: (escalated: Escalated) => void;
  };
}
