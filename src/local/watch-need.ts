import type { GatewayPaths } from "./gateway-paths.ts";
import type { GatewayLeaveReason, GatewayLog } from "./log.ts";
import type { PublishedGateway } from "./published-gateway.ts";
import { publishGateway, unpublishGateway, whoIsPublished } from "./publish-gateway.ts";

/** What tells whether a gateway is still needed; instants are those of `performance.now()`. */
export interface NeedFacts {
  readonly paths: GatewayPaths;
  readonly published: PublishedGateway;
  readonly lookMs: number;
  readonly idleMs: () => number;
  readonly isBusy: () => boolean;
  readonly askedAtMs: () => number;
  readonly log: GatewayLog;
  /** Settles when the process is told to leave, or has to. */
  readonly told: Promise<GatewayLeaveReason>;
}

/** How long an idle gateway still answers after it took its address back, for callers who had just read it. */
const FAREWELL_MS = 500;

/** Hears from now on what ends the process, instead of ending at once: a signal, or a bug. */
export function hearEnd(log: GatewayLog): Promise<GatewayLeaveReason> {
  return new Promise((resolve) => {
    const onSignal = (): void => resolve("signal");
    const onBug = (error: unknown): void => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log({ type: "gateway_bug", message });
      resolve("bug");
    };
    process.on("SIGTERM", onSignal).on("SIGINT", onSignal).on("SIGHUP", onSignal);
    process.on("uncaughtException", onBug).on("unhandledRejection", onBug);
  });
}

/** Settles when the gateway is to leave, with the reason. */
export function watchNeed(facts: NeedFacts): Promise<GatewayLeaveReason> {
  return new Promise((resolve) => {
    let clock = setTimeout(look, lookAfterMs(facts));
    const leave = (because: GatewayLeaveReason): void => {
      clearTimeout(clock);
      resolve(because);
    };
    void facts.told.then(leave);

    function look(): void {
      const because = decideLeave(facts);
      clock = setTimeout(look, lookAfterMs(facts));
      if (because !== null) {
        clearTimeout(clock);
        clock = setTimeout(() => sayFarewell(because), FAREWELL_MS);
        unpublishGateway(facts.paths.published, facts.published);
      }
    }

    /** Leaves, unless somebody called in the last moment. */
    function sayFarewell(because: GatewayLeaveReason): void {
      const wasAsked = performance.now() - facts.askedAtMs() <= FAREWELL_MS;
      if (!facts.isBusy() && !(wasAsked && because === "idle")) {
        leave(because);
        return;
      }
      if (because === "idle") republish(facts);
      clock = setTimeout(look, lookAfterMs(facts));
    }
  });
}

function lookAfterMs({ lookMs, idleMs }: NeedFacts): number {
  return Math.max(20, Math.min(lookMs, idleMs()));
}

function decideLeave(facts: NeedFacts): GatewayLeaveReason | null {
  const who = whoIsPublished(facts.paths.published, facts.published);
  if (facts.isBusy()) {
    if (who === "none") republish(facts);
    return null;
  }
  if (who !== "own") return "replaced";
  return performance.now() - facts.askedAtMs() >= facts.idleMs() ? "idle" : null;
}

/** Not possible any more when the whole folder is gone; then the gateway just ends its work. */
function republish({ paths, published }: NeedFacts): void {
  try {
    publishGateway(paths.published, published);
  } catch {
    // It is noticed again at the next look.
  }
}
