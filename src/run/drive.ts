import type { Agent } from "../config/config.ts";
import type { LeaveReason } from "../events/event.ts";
import type { Expectation } from "../handoff/check.ts";
import type { Fact } from "./decide/decide.ts";
import type { Draft } from "./sending/draft.ts";
import type { Journal } from "./stored/journal.ts";
import type { Outcome } from "./outcome.ts";
import type { Ask } from "./plan.ts";
import type { RunTools } from "./ports.ts";

/** How a driver's work ended: the run is over, or the driver left it to go on without it. */
export type DriveEnd =
  | { readonly kind: "ended" }
  | { readonly kind: "left"; readonly reason: LeaveReason };

/** Has another agent do something, within the run. */
export type Helper = (ask: Ask, signal: AbortSignal) => Promise<Outcome>;

/** One run, to be driven by this process. */
export interface Drive {
  readonly journal: Journal;
  readonly agent: Agent;
  readonly expectation: Expectation;
  readonly tools: RunTools;
  /** Whether to stay for the outcome, or only until the agent's gateway has the task. */
  readonly until: "ended" | "admitted";
  /** Whether to stay for a late handoff when the run has ended already without one. */
  readonly staysForLate: boolean;
  /** What was written for the first attempt while the run was planned; null when it was planned by another process. */
  readonly draft: Draft | null;
  /** Has the foreman answer what the agent asks. */
  readonly askForeman: Helper;
  /** Fires when this process is to leave; its reason is a `Leave`. Null: it stays. */
  readonly signal: AbortSignal | null;
}

/** What those who work for a driver know of it, and tell it. */
export interface DriveLoop {
  /** Whether the run is over for this process: nothing is begun any more. */
  readonly isOver: boolean;
  /** Something that happened around the run. */
  report(fact: Fact): void;
  /** Runs what goes on beside the driver; what it throws is a bug. */
  effect(action: () => Promise<void>): void;
}
