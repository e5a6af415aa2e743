/** The schema version that this program writes and explains. */
export const HANDOFF_SCHEMA_VERSION = "1.1";

/** The most bytes that a handoff may have. */
export const MAX_HANDOFF_BYTES = 16 * 1024 * 1024;

export const finalStatuses = ["complete", "partial", "blocked", "failed"] as const;
export type FinalStatus = (typeof finalStatuses)[number];

export const deliverableTypes = [
  "document",
  "code",
  "analysis",
  "recommendation",
  "review",
  "data",
] as const;
export type DeliverableType = (typeof deliverableTypes)[number];

export const confidences = ["high", "medium", "low"] as const;
export type Confidence = (typeof confidences)[number];

/** What the agent made, in a sentence and with the place where it is. */
export interface Deliverable {
  readonly type: DeliverableType;
  readonly title?: string;
  readonly path?: string | null;
  readonly summary: string;
}

/** Something the agent needs to know before it can go on. */
export interface HandoffQuestion {
  readonly id?: string;
  readonly text: string;
  readonly options?: readonly string[];
  /** Whether an answer may be something else than an option; it may, unless this is false. */
  readonly freeText?: boolean;
}

/** What the work cost, as far as the agent knows; an absent number is unknown, not zero. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
}

/** The document with which an agent hands its work over; the fields that only strict mode requires are optional here. */
export interface Handoff {
  readonly schemaVersion?: string;
  readonly runId?: string;
  readonly agent?: string;
  readonly status: FinalStatus;
  readonly result: string;
  readonly deliverable?: Deliverable | null;
  readonly artifacts?: readonly unknown[];
  readonly confidence?: Confidence;
  readonly notes?: string | null;
  readonly timestamp?: string;
  readonly data?: unknown;
  readonly usage?: Usage | null;
  readonly questions?: readonly HandoffQuestion[];
  /** What is wrong with the agent's command, where the local gateway wrote this handoff and knows it. */
  readonly commandProblem?: unknown;
}

/** A sign of life: not a result, but what there is so far. */
export interface WorkingHandoff {
  readonly status: "working";
  readonly result?: string;
  readonly notes?: string | null;
  /** How far the agent is, 0 to 100. */
  readonly percent?: number;
}

/** How strictly a handoff is checked: all the fields, or only `status` and `result`. */
export type Validation = "strict" | "basic";
