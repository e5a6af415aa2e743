import { setTimeout as sleep } from "node:timers/promises";
import type { FlowEvent } from "../../src/flows/event.ts";
import { approve, flow, request, run } from "../../test/flows/conformance/flows.ts";
import { delegateCommand } from "../commands.ts";
import { FlowProject, msBetween } from "../flow-project.ts";
import { valueOf } from "../value-of.ts";
import { nowMs, quantile, timeOnce } from "../measure.ts";
import { peakKib } from "../proc.ts";
import type { Row } from "../row.ts";
import { formatMiB, formatMs, skipped } from "../row.ts";
import { startWorker } from "../worker.ts";

const MAX_KIB = 150 * 1024;
const MAX_WAKE_MS = 100;

/** Many flow runs that wait for people, and one worker: how much memory, and how soon one goes on. */
export async function measureFlowWaiting(count: number, rounds: number): Promise<Row[]> {
  const name = `${count.toLocaleString("en-US")} flow runs that wait for approval`;
  if (process.platform !== "linux") return [skipped(name, "needs /proc")];
  const project = new FlowProject();
  const worker = await startWorker(project);
  try {
    await createWaiting(project, count);
    const wakeMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) wakeMs.push(await wake(project, idOf(round)));
    return rowsFor(name, peakKib(worker.pid), quantile(wakeMs, 0.5));
  } finally {
    await worker.kill();
    project.dispose();
  }
}

function rowsFor(name: string, kib: number, wakeMs: number): Row[] {
  return [
    {
      figure: `${name}: peak memory of their worker`,
      measured: formatMiB(kib),
      ratio: "",
      bar: formatMiB(MAX_KIB),
      isWithin: kib <= MAX_KIB,
    },
    {
      figure: "the same: from the approval to the start of the next step",
      measured: formatMs(wakeMs),
      ratio: "",
      bar: `${MAX_WAKE_MS} ms`,
      isWithin: wakeMs <= MAX_WAKE_MS,
    },
  ];
}

/** Resolves when all of them wait. */
async function createWaiting(project: FlowProject, count: number): Promise<void> {
  const asks = flow([
    approve("approval", "Go on?"),
    run("next", "/bin/true", { needs: ["approval"] }),
  ]);
  for (let place = 0; place < count; place += 1)
    valueOf(await project.store.create(request(idOf(place), asks, project.folder)));
  const giveUpAt = nowMs() + 60_000;
  for (;;) {
    const filter = { name: null, status: "waiting", limit: count } as const;
    if (valueOf(await project.store.list(filter)).length === count) return;
    if (nowMs() > giveUpAt) throw new Error("the flow runs don't come to wait");
    await sleep(50);
  }
}

/** How long after its approval the next step begins, as the events tell. */
async function wake(project: FlowProject, id: string): Promise<number> {
  timeOnce(delegateCommand(project, "flow", "approve", id, "approval"));
  const begun = await project.untilEvent(id, isNext);
  const decided = await project.untilEvent(id, ({ type }) => type === "step_decided");
  return msBetween(decided, begun);
}

function isNext(event: FlowEvent): boolean {
  return event.type === "step_started" && event.key === "next";
}

function idOf(place: number): string {
  return `flow-${place}`;
}
