import { setImmediate as othersFirst } from "node:timers/promises";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import type { ChangeWatch } from "../../follow/change-watch.ts";
import type { WorkEnd } from "../store.ts";
import type { StoreTrouble } from "./store-trouble.ts";
import type { WorkerDuty } from "./worker-duty.ts";

/** How a worker deals with its store. */
export interface StoreDealing {
  /** Does everything that is to be done now; the value is why the worker has left, or null. */
  deal(): Dealt | Promise<Dealt>;
  /** When there is something to do with the store, if nothing happens before. */
  readonly dueAtMs: number;
  /** Whether other workers hold tasks. */
  readonly othersWork: boolean;
}

/** Whether the worker has left, or why its store can't be used. */
export type Dealt = Result<WorkEnd | null, StoreTrouble>;

/** Between two tries when there is trouble. */
const AGAIN_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

/** Deals with the store whenever something may have changed, until the worker has a reason to leave. */
export async function workOn(
  dealing: StoreDealing,
  duty: WorkerDuty,
  watch: ChangeWatch,
  signal: AbortSignal,
): Promise<Result<WorkEnd>> {
  const wake = (): void => watch.notice();
  signal.addEventListener("abort", wake);
  try {
    for (;;) {
      if (signal.aborted) duty.leave("signal", performance.now());
      const end = await look(dealing, duty);
      if (end !== null) return end;
      await pause(msToNext(dealing, duty), watch);
    }
  } finally {
    signal.removeEventListener("abort", wake);
  }
}

async function look(dealing: StoreDealing, duty: WorkerDuty): Promise<Result<WorkEnd> | null> {
  if (duty.broken !== null) return duty.endBroken(duty.broken, performance.now());
  const dealt = await dealing.deal();
  if (!dealt.ok) return duty.meetTrouble(dealt.failure, performance.now());
  duty.troubleIsOver();
  return dealt.value === null ? null : success(dealt.value);
}

function msToNext({ dueAtMs, othersWork }: StoreDealing, duty: WorkerDuty): number {
  if (duty.isInTrouble) return AGAIN_MS;
  const nextAtMs = Math.min(dueAtMs, duty.nextAtMs(othersWork));
  return Math.min(Math.max(0, Math.ceil(nextAtMs - performance.now())), LONGEST_PAUSE_MS);
}

/** Until something has changed, a job is over, or something is due. */
async function pause(ms: number, watch: ChangeWatch): Promise<void> {
  const timer = setTimeout(() => watch.notice(), ms);
  await watch.next(never);
  clearTimeout(timer);
  // Whatever else has come in at the same time goes into the same transaction.
  await othersFirst();
}

const never = new AbortController().signal;
