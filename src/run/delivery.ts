import type { Agent } from "../config/config.ts";
import { hookCallFor } from "./addressing.ts";
import { attemptMessage } from "./attempt-message.ts";
import type { CourierTools, Parcel } from "./courier.ts";
import { deliver, reattach } from "./courier.ts";
import type { Fact } from "./decide.ts";
import type { Journal } from "./journal.ts";
import type { RunTools } from "./ports.ts";
import { storageFailure } from "./run-folder.ts";

/** How long a gateway may be away, once it held our connection: OpenClaw restarts within 15 s, ours never comes back. */
const GONE_AFTER_MS = { gateway: 30_000, command: 1_000 } as const;

/** What is needed to bring a run's attempts to its agent. */
export interface DeliveryPlan {
  readonly journal: Journal;
  readonly agent: Agent;
  readonly tools: RunTools;
  /** Whether to stay connected for the gateway's word that the agent's run ended. */
  readonly holds: boolean;
  /** Settles when the run's folder is being watched, so that no answer can be missed. */
  readonly isWatching: Promise<void>;
  readonly report: (fact: Fact) => void;
  readonly signal: AbortSignal;
}

/** Sends an attempt; what becomes of it is reported. */
export function sendAttempt(attempt: number, plan: DeliveryPlan): Promise<void> {
  return deliver(parcelOf(attempt, plan), courierToolsOf(plan));
}

/** Connects again to the gateway that admitted an attempt, if it can still be told which; resolves with why it is gone. */
export async function reattachAttempt(
  attempt: number,
  admittedAtMs: number,
  plan: DeliveryPlan,
): Promise<string | null> {
  const found = await plan.tools.agents.find(plan.agent, admittedAtMs);
  if (found.kind === "gone") return found.reason;
  if (found.kind === "known") {
    await plan.isWatching;
    await reattach(parcelOf(attempt, plan), found.address, admittedAtMs, courierToolsOf(plan));
  }
  return null;
}

function parcelOf(attempt: number, plan: DeliveryPlan): Parcel {
  const { journal, agent, tools, holds, isWatching } = plan;
  const message = attemptMessage(journal, agent, tools.config, attempt);
  return {
    attempt,
    call: hookCallFor(journal.request, agent, attempt, message),
    checksHealth: journal.request.checksHealth && agent.kind === "gateway",
    holds,
    goneAfterMs: GONE_AFTER_MS[agent.kind],
    isWatching,
  };
}

function courierToolsOf({ journal, agent, tools, report, signal }: DeliveryPlan): CourierTools {
  return {
    clock: tools.clock,
    reach: () => tools.agents.reach(agent),
    report,
    holds: tools.holds,
    announce: (attempt, idempotencyKey, bodyBytes) => {
      report({ kind: "sending", attempt, idempotencyKey, bodyBytes });
      const { trouble, paths } = journal;
      return trouble === null ? null : storageFailure(paths.folder, trouble);
    },
    signal,
  };
}
