import { setTimeout as sleep } from "node:timers/promises";
import type { FlowEvent } from "../../../src/flows/event.ts";
import type { Flow, RunStep } from "../../../src/flows/flow.ts";
import { flow, run } from "../conformance/flows.ts";
import { quickPace } from "../conformance/pace.ts";
import { StoreRig } from "../conformance/rig.ts";
import type { StoreKind } from "../conformance/store-kind.ts";
import { until } from "../../rig/until.ts";

/** What came of it. */
export interface ChaosReport {
  readonly kills: number;
  readonly flowRuns: number;
  /** Executions that were cut off and done again. */
  readonly repeated: number;
  /** What is not as it should be; empty when all went well. */
  readonly problems: readonly string[];
}

export interface ChaosOptions {
  readonly kind: StoreKind;
  readonly kills: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly tell: (words: string) => void;
}

const LANES = 3;
const LENGTH = 10;

/** Carries out flows of 30 steps while their only worker is killed again and again, at random moments. */
export async function killWorkers(options: ChaosOptions): Promise<ChaosReport> {
  const rig = await StoreRig.create(options.kind, quickPace);
  const problems: string[] = [];
  let kills = 0;
  let flowRuns = 0;
  let repeated = 0;
  try {
    while (kills < options.kills) {
      flowRuns += 1;
      const id = `f${flowRuns}`;
      await rig.create(id, lanes());
      const killed = await killUntilEnded(rig, id, options, options.kills - kills);
      kills += killed;
      const events = await rig.events(id);
      const found = problemsOf(await endOf(rig, id), events);
      problems.push(...found.map((problem) => `${id}: ${problem}`));
      const recovered = events.filter(({ type }) => type === "step_recovered").length;
      repeated += recovered;
      options.tell(
        `${id}: killed ${killed} times, ${recovered} executions cut off, ${found.length} problems`,
      );
    }
    return { kills, flowRuns, repeated, problems };
  } finally {
    await rig.dispose();
  }
}

/** Three lanes of ten commands each, that are joined at their ends. */
function lanes(): Flow {
  const steps: RunStep[] = [];
  for (let lane = 1; lane <= LANES; lane += 1)
    for (let place = 1; place <= LENGTH; place += 1) {
      const last = Array.from({ length: LANES }, (_, index) => `lane-${index + 1}-${LENGTH - 1}`);
      const before = place === 1 ? [] : [`lane-${lane}-${place - 1}`];
      const needs = place === LENGTH ? last : before;
      steps.push(run(`lane-${lane}-${place}`, "sleep 0.0$(($$ % 10))", { needs }));
    }
  return flow(steps);
}

/** The value is how often a worker was killed before the end came. */
async function killUntilEnded(
  rig: StoreRig,
  id: string,
  { random }: ChaosOptions,
  most: number,
): Promise<number> {
  for (let kills = 0; kills < most; kills += 1) {
    const before = rig.journal.length;
    const { child, end } = rig.startWorker();
    // Half of them die while they come up, or at any time; the others in the middle of the work.
    if (random() < 0.5) await sleep(random() * 700);
    else {
      await until(() => rig.journal.length > before || child.exitCode !== null, "the first step");
      await sleep(random() * 100);
    }
    child.kill("SIGKILL");
    await end;
    if ((await rig.state(id)).end !== null) return kills + 1;
  }
  return most;
}

async function endOf(rig: StoreRig, id: string): Promise<string> {
  const { child, end } = rig.startWorker({ only: id });
  const state = await rig.untilEnded(id);
  child.kill("SIGTERM");
  await end;
  const notDone = [...state.tasks.values()].filter(({ status }) => status !== "done");
  return state.tasks.size === LANES * LENGTH && notDone.length === 0
    ? (state.end?.status ?? "none")
    : `${notDone.length} of ${state.tasks.size} steps not done`;
}

function problemsOf(end: string, events: readonly FlowEvent[]): readonly string[] {
  const problems: string[] = end === "complete" ? [] : [`it ended so: ${end}`];
  const done = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) problems.push(`event ${index + 1} has the number ${event.seq}`);
    if (event.type === "step_started" && done.has(event.key))
      problems.push(`${event.key} was done, and began again`);
    if (event.type !== "step_done") continue;
    if (done.has(event.key)) problems.push(`${event.key} was done twice`);
    done.add(event.key);
  }
  return problems;
}
