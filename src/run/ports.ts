import type { Clock } from "../clock.ts";
import type { Agent, Config } from "../config/config.ts";
import type { Sink } from "../events/event.ts";
import type { Result } from "../failure.ts";
import type { GatewayAddress } from "../gateway/client.ts";
import type { Turnstile } from "../turnstile.ts";

/** What is known of the gateway that once admitted an attempt. */
export type Reattachment =
  /** It still knows the attempt by its key. */
  | { readonly kind: "known"; readonly address: GatewayAddress }
  /** It is gone, and the attempt with it. */
  | { readonly kind: "gone"; readonly reason: string }
  /** It can't be told; only the file can. */
  | { readonly kind: "unknown" };

/** How a run gets at its agents. */
export interface AgentPorts {
  /** The address to post to; starts what has to be started. */
  reach(agent: Agent): Promise<Result<GatewayAddress>>;
  /** The gateway that admitted an attempt at that instant, in milliseconds since 1970. */
  find(agent: Agent, admittedAtMs: number): Promise<Reattachment>;
  /** Ends what an agent does for a run; null where a gateway can't. */
  end(agent: Agent, runId: string): Promise<boolean | null>;
}

/** Everything that a run is given from outside. */
export interface RunTools {
  readonly config: Config;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly agents: AgentPorts;
  readonly sinks: readonly Sink[];
  /** How many answers may be held open at once; beyond that only the file counts. Null: as many as there are runs. */
  readonly holds: Turnstile | null;
  /**
   * What to do when the agent asks: stay until its questions are answered; leave them to others, and the run to go on
   * later; or end the run.
   */
  readonly onQuestion: "wait" | "exit" | "refuse";
  /** Hears of trouble that does not end the run, such as a log that can't be written. */
  readonly warn: (message: string) => void;
}
