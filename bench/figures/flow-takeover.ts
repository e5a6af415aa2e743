import type { FlowEvent } from "../../src/flows/event.ts";
import { flow, request, run } from "../../test/flows/conformance/flows.ts";
import { FlowProject, msBetween } from "../flow-project.ts";
import { valueOf } from "../value-of.ts";
import { quantile } from "../measure.ts";
import type { Row } from "../row.ts";
import { formatMs } from "../row.ts";
import type { BenchWorker } from "../worker.ts";
import { startWorker } from "../worker.ts";

const MAX_MS = 10_000;
const FINISHED = 20;

/** How soon another worker goes on after one was killed, and whether it does anything again that was finished. */
export async function measureFlowTakeover(rounds: number): Promise<Row[]> {
  const times: number[] = [];
  let repeated = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { ms, events } = await killOne();
    times.push(ms);
    repeated += countRepeated(events);
  }
  const worstMs = Math.max(...times);
  return [
    {
      figure: "worker killed with -9: another begins its step again, the longest",
      measured: formatMs(worstMs),
      ratio: `p50 ${formatMs(quantile(times, 0.5))}`,
      bar: "10 s",
      isWithin: worstMs <= MAX_MS,
    },
    {
      figure: `the same: of ${rounds * FINISHED} finished steps done again`,
      measured: String(repeated),
      ratio: "",
      bar: "0",
      isWithin: repeated === 0,
    },
  ];
}

/** Two workers share a flow run; the one that has its long last step is killed. */
async function killOne(): Promise<{
  readonly ms: number;
  readonly events: readonly FlowEvent[];
}> {
  const project = new FlowProject();
  const workers: BenchWorker[] = [];
  try {
    workers.push(await startWorker(project), await startWorker(project));
    valueOf(await project.store.create(request("flow", longFlow(), project.folder)));
    const begun = await project.untilEvent("flow", isLastBegun);
    const owner = workers.find(({ pid }) => "worker" in begun && begun.worker.endsWith(`:${pid}`));
    if (owner === undefined) throw new Error("nobody has the last step");
    const killedAt = { ...begun, at: new Date().toISOString() };
    await owner.kill();
    const again = (event: FlowEvent): boolean => isLastBegun(event) && event.seq > begun.seq;
    const ms = msBetween(killedAt, await project.untilEvent("flow", again));
    await project.untilEvent("flow", ({ type }) => type === "flow_ended");
    return { ms, events: await project.events("flow") };
  } finally {
    for (const worker of workers) await worker.kill();
    project.dispose();
  }
}

/** Steps that are over at once, and a last one that is long only when it is done for the first time. */
function longFlow(): ReturnType<typeof flow> {
  const quick = Array.from({ length: FINISHED }, (_, place) =>
    run(`quick-${place}`, "/bin/true", place === 0 ? {} : { needs: [`quick-${place - 1}`] }),
  );
  const last = run("last", "[ -e begun ] || { touch begun; exec sleep 20; }", {
    needs: [`quick-${FINISHED - 1}`],
  });
  return flow([...quick, last]);
}

function isLastBegun(event: FlowEvent): boolean {
  return event.type === "step_started" && event.key === "last";
}

/** Steps that were done, and began once more. */
function countRepeated(events: readonly FlowEvent[]): number {
  const done = new Set<string>();
  let repeated = 0;
  for (const event of events) {
    if (event.type === "step_done") done.add(event.key);
    if (event.type === "step_started" && done.has(event.key)) repeated += 1;
  }
  return repeated;
}
