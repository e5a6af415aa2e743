/** The times, in milliseconds, and sizes that a local gateway keeps. */
export interface GatewayLimits {
  /** How long a run may wait for a place. */
  readonly admissionMs: number;
  /** How long a request's body may take to arrive. */
  readonly bodyMs: number;
  /** How long a command has between being asked to end and being ended. */
  readonly graceMs: number;
  /** How often the gateway looks whether it is still needed. */
  readonly lookMs: number;
  /** Finished runs that are remembered by their idempotency key. */
  readonly rememberedRuns: number;
}

/** The limits outside of tests; the first two are those of OpenClaw's hook. */
export const gatewayLimits: GatewayLimits = {
  admissionMs: 15_000,
  bodyMs: 30_000,
  graceMs: 2000,
  lookMs: 5000,
  rememberedRuns: 10_000,
};
