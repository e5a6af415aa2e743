import type { AgentEnd } from "../gateway/hook.ts";
import type { AgentCall, AgentRun } from "./run-agent.ts";
import type { GatewayLog } from "./log.ts";
import { readMessageHeader } from "../run/sending/prompt-header.ts";

/** What became of a call: its command was started, it found no place in time, or the gateway leaves. */
type Admission =
  | {
      readonly kind: "admitted";
      readonly runId: string;
      readonly completion: Promise<AgentEnd>;
    }
  | { readonly kind: "late"; readonly runId: string }
  | { readonly kind: "draining" };

/** What a dispatcher needs. */
export interface DispatchParts {
  readonly start: (call: AgentCall, runId: string) => AgentRun;
  readonly createRunId: () => string;
  readonly admissionMs: number;
  readonly rememberedRuns: number;
  readonly log: GatewayLog;
  /** Told whenever a run ends. */
  readonly onRunEnded: () => void;
}

/** Gives calls a place in their order, and each key one run. */
export interface Dispatcher {
  /**
   * Runs a call; `key` says which calls mean the same run, null when none does. `patienceMs` is for how long its caller
   * waits for a place, if less than others.
   */
  submit(call: AgentCall, key: string | null, patienceMs: number | null): Promise<Admission>;
  /** Calls that run or wait for a place. */
  activeCount(): number;
  /** Ends what runs for a run of ours; the number of what was ended. */
  cancel(runId: string): number;
  /** Admits nothing any more, ends all runs, and settles when they are over. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly call: AgentCall;
  readonly runId: string;
  readonly settle: (admission: Admission) => void;
  readonly late: NodeJS.Timeout;
}

interface Known {
  readonly admission: Promise<Admission>;
  isOver: boolean;
}

/** Creates the dispatcher of one gateway. */
export function createDispatcher(parts: DispatchParts): Dispatcher {
  const running = new Map<string, AgentRun>();
  const waiting: Waiting[] = [];
  const known = new Map<string, Known>();
  let isDraining = false;

  const fillPlaces = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (running.size >= next.call.config.gateway.maxConcurrent) return;
      waiting.shift();
      clearTimeout(next.late);
      startRun(next);
    }
  };

  const startRun = ({ call, runId, settle }: Waiting): void => {
    const run = parts.start(call, runId);
    running.set(runId, run);
    const completion = run.ended.finally(() => {
      running.delete(runId);
      parts.onRunEnded();
      fillPlaces();
    });
    // Nobody need be waiting for it.
    completion.catch(() => {});
    void run.started.then(() => settle({ kind: "admitted", runId, completion }));
  };

  const giveUp = (runId: string): void => {
    const place = waiting.findIndex((other) => other.runId === runId);
    const [late] = waiting.splice(place, 1);
    parts.log({ type: "run_not_admitted", gatewayRunId: runId, because: "no place in time" });
    late?.settle({ kind: "late", runId });
  };

  const enqueue = (call: AgentCall, patienceMs: number | null): Promise<Admission> => {
    const runId = parts.createRunId();
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const late = setTimeout(
      () => giveUp(runId),
      Math.min(parts.admissionMs, patienceMs ?? parts.admissionMs),
    );
    waiting.push({ call, runId, settle: resolve, late });
    fillPlaces();
    if (waiting.some((other) => other.runId === runId)) {
      parts.log({ type: "run_queued", gatewayRunId: runId, agent: call.agent.name });
    }
    return promise;
  };

  const remember = async (key: string, entry: Known): Promise<void> => {
    known.set(key, entry);
    const admission = await entry.admission;
    if (admission.kind !== "admitted") {
      known.delete(key);
      return;
    }
    await admission.completion.catch(() => {});
    entry.isOver = true;
    forgetOldest();
  };

  const forgetOldest = (): void => {
    for (const [key, { isOver }] of known) {
      if (known.size <= parts.rememberedRuns) return;
      if (isOver) known.delete(key);
    }
  };

  return {
    submit(call, key, patienceMs) {
      const same = key === null ? undefined : known.get(key);
      if (same !== undefined) return same.admission;
      if (isDraining) return Promise.resolve({ kind: "draining" });
      const admission = enqueue(call, patienceMs);
      if (key !== null) void remember(key, { admission, isOver: false });
      return admission;
    },
    cancel(runId) {
      const waitingForIt = waiting.filter(
        ({ call }) => readMessageHeader(call.message)?.runId === runId,
      );
      for (const { runId: gatewayRunId, late } of waitingForIt) {
        clearTimeout(late);
        giveUp(gatewayRunId);
      }
      const runs = [...running.values()].filter((run) => run.runId === runId);
      for (const run of runs) run.stop("canceled");
      return waitingForIt.length + runs.length;
    },
    activeCount: () => running.size + waiting.length,
    async stop() {
      isDraining = true;
      for (const { runId, late, settle } of waiting.splice(0)) {
        clearTimeout(late);
        parts.log({ type: "run_not_admitted", gatewayRunId: runId, because: "gateway leaves" });
        settle({ kind: "draining" });
      }
      const runs = [...running.values()];
      for (const run of runs) run.stop("stopped");
      await Promise.allSettled(runs.map((run) => run.ended));
    },
  };
}
