import type { FlowEnd } from "./flow-run.ts";
import type { StepFailure, TaskKey } from "./task.ts";

/** What can happen in a flow run, before it gets its number and its instant. */
export type FlowHappening =
  | { readonly type: "flow_created"; readonly name: string; readonly author: string }
  | { readonly type: "step_ready"; readonly key: TaskKey; readonly attempt: number }
  /** A container: the steps in it begin. */
  | {
      readonly type: "step_opened";
      readonly key: TaskKey;
      readonly attempt: number;
      /** The most iterations of a loop. */
      readonly maxIterations?: number;
    }
  | {
      readonly type: "step_started";
      readonly key: TaskKey;
      readonly attempt: number;
      readonly worker: string;
    }
  | { readonly type: "step_progress"; readonly key: TaskKey; readonly words: string }
  | { readonly type: "step_waiting"; readonly key: TaskKey; readonly what: string }
  /** Nobody has decided about it for long: the next in line is told. */
  | { readonly type: "step_escalated"; readonly key: TaskKey; readonly to: string }
  | {
      readonly type: "step_decided";
      readonly key: TaskKey;
      readonly decision: string;
      readonly by: string;
      readonly note: string | null;
    }
  | { readonly type: "step_done"; readonly key: TaskKey; readonly attempt: number }
  | {
      readonly type: "step_failed";
      readonly key: TaskKey;
      readonly attempt: number;
      readonly failure: StepFailure;
      /** When it begins again, or null when it does not. */
      readonly retryAt: string | null;
    }
  | { readonly type: "step_skipped"; readonly key: TaskKey; readonly because: string }
  | { readonly type: "step_canceled"; readonly key: TaskKey }
  /** Its worker is gone; another one has it, or somebody has to decide. */
  | {
      readonly type: "step_recovered";
      readonly key: TaskKey;
      readonly attempt: number;
      readonly choice: "rerun" | "ask";
    }
  | { readonly type: "step_forgotten"; readonly key: TaskKey }
  | { readonly type: "cancel_requested"; readonly by: string; readonly reason: string | null }
  | { readonly type: "flow_ended"; readonly end: FlowEnd };

/** An event of a flow run; `seq` counts from 1 without gaps, `at` is UTC. */
export type FlowEvent = {
  readonly flowRunId: string;
  readonly seq: number;
  readonly at: string;
} & FlowHappening;
