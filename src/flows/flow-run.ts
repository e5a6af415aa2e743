import type { Flow } from "./flow.ts";
import type { JsonObject } from "../json/json.ts";
import type { StepFailure, Task, TaskKey } from "./task.ts";

/** One carrying out of a flow, as it was asked for; never changes. */
export interface FlowRequest {
  readonly schema: "delegate.flow-run.v1";
  readonly flowRunId: string;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  /** The run's own copy of the flow. */
  readonly flow: Flow;
  readonly inputs: JsonObject;
  /** Which agent takes which role. */
  readonly agents: Readonly<Record<string, string>>;
  /** Who started it: an agent's name, or a person's. */
  readonly author: string;
  /** The run within which it was started, if an agent did that. */
  readonly parentRunId?: string;
  /** The working folder, absolute. */
  readonly cwd: string;
  /** The config with whose agents it runs, absolute. */
  readonly configPath: string;
}

/** How a flow run ended. */
export type FlowEnd =
  | { readonly status: "complete" }
  | { readonly status: "failed"; readonly failure: StepFailure; readonly key: TaskKey }
  | { readonly status: "canceled"; readonly by: string; readonly reason: string | null };

/** Everything that is decided on: the request and how each step stands. */
export interface FlowState {
  readonly request: FlowRequest;
  readonly tasks: ReadonlyMap<TaskKey, Task>;
  /** Somebody wants it to end. */
  readonly cancel: { readonly by: string; readonly reason: string | null } | null;
  readonly end: FlowEnd | null;
}
