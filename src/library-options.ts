import type { Sink } from "./events/event.ts";

/** Where a library call finds its config, and who hears of it. */
export interface CommonOptions {
  /** Path of the config; default as for the command: `DELEGATE_CONFIG`, then upwards from the working directory. */
  readonly config?: string;
  /** Leaves the run when it fires; the agent goes on, and the outcome has the code `interrupted`. */
  readonly signal?: AbortSignal;
  /**
   * What to do when the agent asks: `exit` (default) resolves with the status `blocked` and the questions, and the run
   * goes on with `awaitRun` once they are answered; `wait` stays until they are.
   */
  readonly onQuestion?: "wait" | "exit";
  /** Hears of every event of the run; must not throw. */
  readonly onEvent?: Sink["record"];
  /** Hears of trouble that does not end the run, in one line. Default: nobody. */
  readonly onWarning?: (message: string) => void;
}

/** One delegation. */
export interface DelegateOptions extends CommonOptions {
  readonly agent: string;
  readonly task: string;
  /** Texts put before the task as material. */
  readonly context?: readonly { readonly name: string; readonly text: string }[];
  /** false: resolve as soon as the agent's gateway has the task, with the status `sent`. Default true. */
  readonly wait?: boolean;
  /** Seconds for one attempt, from its admission. Default: the config's, 300. */
  readonly timeoutSeconds?: number;
  /** Seconds for the whole run. Default: no limit. */
  readonly deadlineSeconds?: number;
  /** Seconds without a sign of life. Default: no limit. */
  readonly idleTimeoutSeconds?: number;
  /** Attempts in all, 1 to 3. Default: the config's, 1. */
  readonly attempts?: number;
  /** Own id; the same id again returns the stored outcome, or joins the run in flight. */
  readonly runId?: string;
  /** Who delegates. Default: a person. */
  readonly caller?: string;
  /** The run within which the caller delegates. */
  readonly parentRunId?: string;
  readonly workflowRunId?: string;
  readonly stepId?: string;
  /** `plan`: the agent can only read; one without a read-only mode is refused. Default `write`: as it is configured. */
  readonly mode?: "write" | "plan";
  /** JSON Schema (2020-12) that the handoff's `data` must satisfy. */
  readonly schema?: unknown;
  /** false: check only `status` and `result`. Default true. */
  readonly validate?: boolean;
  /** false: don't have the reply posted to the agent's channel. Default true. */
  readonly deliver?: boolean;
  /** false: don't ask the gateway for its health first. Default true. */
  readonly checkHealth?: boolean;
}

/** Waiting for a run that was begun earlier. */
export interface WaitOptions extends CommonOptions {
  readonly runId: string;
}
