import type { Agent } from "../config/config.ts";
import type { RunPaths } from "../handoff/paths.ts";
import type { Draft } from "./sending/draft.ts";
import type { RunTools } from "./ports.ts";
import type { Helper } from "./drive.ts";
import type { RunRequest } from "./stored/request.ts";

/** What this process stays with a run for: its outcome, or only that the task is with the agent. */
export type Goal = "outcome" | "sent";

/** How long, and for what, this process stays with a run. */
export interface Stay {
  readonly goal: Goal;
  /** Whether to stay for a late handoff when the run has ended already without one. */
  readonly staysForLate: boolean;
  /** Fires when this process is to leave; its reason is a `Leave`. Null: it stays. */
  readonly signal: AbortSignal | null;
}

/** A run on disk, and all that is needed to carry it on. */
export interface OpenRun {
  readonly request: RunRequest;
  readonly paths: RunPaths;
  readonly agent: Agent;
  readonly tools: RunTools;
  /** See Drive. */
  readonly draft: Draft | null;
  readonly askForeman: Helper;
}
