import type { Json, JsonObject } from "../json/json.ts";
import type { Decision, Waiting, Work } from "./work.ts";

/**
 * Where in a flow run a step stands: step ids with the numbers of iterations or items (from 1) between them, such as
 * `code`, `work.2.code`, `files.13.fix.1.lint`. The steps of a subflow stand under `<step>.1`.
 */
export type TaskKey = string;

/** A step at one place of a flow run. */
export type Task = { readonly key: TaskKey; readonly stepId: string } & TaskState;

/**
 * How a task stands; each state has what it needs. `attempt` counts from 1 and never goes back, not even when a step
 * is forgotten: it is part of an agent's run id. 0: it has never begun.
 */
export type TaskState =
  /** May begin as soon as `dueAtMs` has come and limits and budget allow it. */
  | {
      readonly status: "ready";
      readonly attempt: number;
      /** The highest attempt that it comes to by itself. */
      readonly lastAttempt: number;
      readonly work: Work;
      readonly dueAtMs: number;
      /** What somebody has decided while it waited. */
      readonly decision: Decision | null;
      /** How often its worker died in the middle of this attempt; none when it is not there. */
      readonly takeovers?: number;
    }
  /** A worker is at it. */
  | {
      readonly status: "running";
      readonly attempt: number;
      readonly lastAttempt: number;
      readonly work: Work;
      readonly decision: Decision | null;
      readonly takeovers?: number;
    }
  /** For people, or for the answers to an agent's questions. */
  | {
      readonly status: "waiting";
      readonly attempt: number;
      readonly lastAttempt: number;
      readonly work: Work;
      readonly waiting: Waiting;
      /** When nobody is waited for any more and the step fails, or null. */
      readonly dueAtMs: number | null;
      /** Not there when it is the agent that asks: its run knows that. */
      readonly asked?: AskedPeople;
    }
  /** Its worker died, and the file says that somebody decides. */
  | {
      readonly status: "undecided";
      readonly attempt: number;
      readonly lastAttempt: number;
      readonly work: Work;
      readonly decision: Decision | null;
    }
  /** A container whose steps are under way. */
  | { readonly status: "open"; readonly attempt: number; readonly opened: Opened }
  | { readonly status: "done"; readonly attempt: number; readonly output: Output }
  | {
      readonly status: "failed";
      readonly attempt: number;
      readonly failure: StepFailure;
      readonly output: Output;
    }
  | {
      readonly status: "skipped";
      readonly attempt: number;
      readonly because: string;
      /** Whether steps that need it are skipped too; not so when somebody has decided to go on without it. */
      readonly passesOn: boolean;
    }
  | { readonly status: "canceled"; readonly attempt: number }
  /** Somebody went back before it: it is as if it had not begun, and what comes is a new attempt. */
  | { readonly status: "forgotten"; readonly attempt: number };

/** Since when people are asked, and to whom that has gone meanwhile since nobody decided, one after the other. */
export interface AskedPeople {
  readonly atMs: number;
  readonly goneTo: readonly string[];
}

export type TaskStatus = TaskState["status"];

/** What a container was opened with. */
export type Opened =
  | {
      readonly kind: "loop";
      /** The most iterations; one that an older version opened has those of its step. */
      readonly max?: number;
    }
  | {
      readonly kind: "for-each";
      readonly items: readonly Json[];
      /** The numbers of the items (from 1) that go together, first wave first; empty: all go together, in order. */
      readonly waves: readonly (readonly number[])[];
    }
  | { readonly kind: "flow"; readonly inputs: JsonObject };

/** What later steps see of a step as `steps.<id>`, besides its `status`. Bounded; what is larger is a file. */
export type Output = JsonObject;

/** Why a step came to nothing. */
export interface StepFailure {
  /** A failure code of a run, or `command_failed`, `expression_failed`, `rejected`, `loop_exhausted`, `step_failed`, `budget_exhausted`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A file that a step left: large results are not copied. */
export interface StoredFile {
  readonly path: string;
  /** With the name of the machine that has it. */
  readonly uri: string;
  readonly bytes: number;
  readonly sha256: string;
}
