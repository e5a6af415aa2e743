import type { RunLimits } from "../stored/request.ts";

/** The run that a failure's sentences speak of. */
export interface RunSubject {
  readonly runId: string;
  readonly agent: string;
  readonly limits: RunLimits;
}

/** The gateway in front of a run's agent, as people know it: somebody's, at an address, or our own local one. */
export type GatewaySubject =
  | { readonly kind: "gateway"; readonly address: string }
  | { readonly kind: "command" };

/** The same, where the gateway matters. */
export interface AttemptSubject extends RunSubject {
  readonly gateway: GatewaySubject;
}

/** As much of what somebody wrote as a sentence quotes. */
export const QUOTED_CHARACTERS = 200;
