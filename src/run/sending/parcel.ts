import type { Clock } from "../../clock.ts";
import type { Failure, Result } from "../../failure.ts";
import type { GatewayAddress } from "../../gateway/client.ts";
import type { Turnstile } from "../../turnstile.ts";
import type { Fact } from "../decide/decide.ts";

/** One attempt on its way to the agent. */
export interface Parcel {
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** Writes the body of the request that sends it, or of the one that waits for the end of the agent's run. */
  readonly body: (waitsForCompletion: boolean) => string;
  readonly checksHealth: boolean;
  /** Whether to stay connected for the gateway's word that the agent's run ended. */
  readonly holds: boolean;
  /** Milliseconds that our own gateway may let it wait for a place; null leaves that to the gateway. */
  readonly admissionMs: number | null;
  /** Milliseconds that a gateway may be away, once its held connection is lost, before it counts as gone. */
  readonly goneAfterMs: number;
  /** Settles when the run's folder is being watched, so that no answer can be missed. */
  readonly isWatching: Promise<unknown> | null;
}

/** What a courier needs. */
export interface CourierTools {
  readonly clock: Clock;
  readonly reach: () => Promise<Result<GatewayAddress>>;
  readonly report: (fact: Fact) => void;
  /** See RunTools. */
  readonly holds: Turnstile | null;
  /** Notes that a request is about to leave; a failure means that it may not. */
  readonly announce: (attempt: number, idempotencyKey: string, bodyBytes: number) => Failure | null;
  /** Whether the run is over for this process, so that nothing may leave any more. */
  readonly isOver: () => boolean;
  /** Fires soon after the run is over, and ends what is under way. */
  readonly signal: AbortSignal;
}
