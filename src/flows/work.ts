import type { Json } from "../json/json.ts";
import type { Output, StepFailure } from "./task.ts";

/** What a worker has to do for a step, with every expression replaced by its value. Times in milliseconds. */
export type Work =
  | {
      readonly kind: "agent";
      /** The agent's name, not the role. */
      readonly agent: string;
      readonly task: string;
      readonly mode: "write" | "plan";
      readonly dataSchema: Json;
      readonly attempts: number | null;
      readonly timeoutMs: number | null;
      readonly idleTimeoutMs: number | null;
    }
  | {
      readonly kind: "run";
      readonly command: string | readonly string[];
      /** Relative to the flow run's folder, or null for that folder. */
      readonly cwd: string | null;
      readonly env: Readonly<Record<string, string>>;
      /** What it reads; without it nothing. */
      readonly stdin?: string;
      readonly timeoutMs: number | null;
    }
  | {
      readonly kind: "approve";
      readonly message: string;
      readonly show: ShellLine | null;
      readonly requiredApprovers: readonly string[];
      readonly timeoutMs: number | null;
    }
  | {
      readonly kind: "ask";
      readonly question: string;
      readonly options: readonly string[];
      readonly answer: "text" | "number" | "boolean" | "option";
      /** The agent that is asked first, or null for a person. */
      readonly foreman: string | null;
      readonly timeoutMs: number | null;
    };

/** A line for `/bin/sh` and the values that reach it as variables. */
export interface ShellLine {
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a waiting step waits for. */
export type Waiting =
  | {
      readonly kind: "approval";
      readonly message: string;
      /** What was shown with it, bounded. */
      readonly shown: string | null;
      /** SHA-256 of all that was shown: an approval counts only for it. */
      readonly digest: string;
      readonly requiredApprovers: readonly string[];
    }
  | {
      readonly kind: "question";
      readonly question: string;
      readonly options: readonly string[];
      readonly answer: "text" | "number" | "boolean" | "option";
      /** What the foreman would answer, or null. */
      readonly proposal: string | null;
    }
  /** The agent of a run asks; `delegate answer` replies. */
  | {
      readonly kind: "agent_questions";
      readonly runId: string;
      readonly questionIds: readonly string[];
    };

/** What somebody has decided about a waiting step. */
export type Decision =
  | {
      readonly kind: "approved" | "rejected";
      readonly by: string;
      readonly note: string | null;
      readonly digest: string;
    }
  | { readonly kind: "answered"; readonly by: string; readonly answer: string }
  /** The agent's questions are answered: its run goes on. */
  | { readonly kind: "resumed" };

/** How one execution of a step ended. */
export type StepEnd =
  | { readonly end: "done"; readonly output: Output; readonly usage: StepUsage | null }
  | {
      readonly end: "failed";
      readonly failure: StepFailure;
      readonly output: Output;
      readonly usage: StepUsage | null;
      /** Whether beginning it again has a chance. */
      readonly isRetryable: boolean;
      /** What worked on it was ended from outside, as by a reboot, before it came to anything. */
      readonly isCutOff?: boolean;
    }
  | { readonly end: "waiting"; readonly waiting: Waiting }
  | { readonly end: "canceled" };

/** What an agent says that a step has used; null is unknown. */
export interface StepUsage {
  readonly costUsd: number | null;
  readonly tokens: number | null;
}

/** One execution of a step, as a worker takes it up. */
export interface Job {
  readonly flowRunId: string;
  /** The flow run's working folder, absolute. */
  readonly cwd: string;
  /** Who started the flow run. */
  readonly author: string;
  /** The run within which it was started, if an agent did that: what is asked of agents counts as asked from there. */
  readonly parentRunId?: string;
  readonly key: string;
  readonly stepId: string;
  readonly attempt: number;
  /** The id of the agent's run that this execution is: the same one again after a crash. */
  readonly runId: string;
  readonly work: Work;
  readonly decision: Decision | null;
  /** How often an agent's step has lost its worker, once it is given up: what the agent is at is only to be ended. */
  readonly losses?: number;
}

/**
 * Why a job is to stop: `canceled` ends what it has asked others for as well; `lost` (another worker has it now) and
 * `leaving` (some worker will take it up again) only let go of it, so that an agent at work goes on.
 */
export type JobStop = "canceled" | "lost" | "leaving";

/** What a job is given to report and to be stopped with. */
export interface JobTools {
  /** Its reason is a `JobStop`. The processes that the step has started itself must end then. */
  readonly signal: AbortSignal;
  /** Says in a few words how far it is; shown to whoever watches. */
  readonly report: (words: string) => void;
}

/** Carries out a step. Expected failures are ends; it rejects only for a bug. */
export type Execute = (job: Job, tools: JobTools) => Promise<StepEnd>;
