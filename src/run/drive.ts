import type { Agent } from "../config/config.ts";
import type { LeaveReason } from "../events/event.ts";
import type { Expectation } from "../handoff/check.ts";
import type { Journal } from "./journal.ts";
import type { RunTools } from "./ports.ts";
import type { Helper } from "./question-desk.ts";

/** How a driver's work ended: the run is over, or the driver left it to go on without it. */
export type DriveEnd =
  | { readonly kind: "ended" }
  | { readonly kind: "left"; readonly reason: LeaveReason };

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
  /** Has the foreman answer what the agent asks. */
  readonly askForeman: Helper;
  /** Fires when this process is to leave; its reason is a `Leave`. */
  readonly signal: AbortSignal;
}
