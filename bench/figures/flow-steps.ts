import { randomUUID } from "node:crypto";
import { flow, request, run } from "../../test/flows/conformance/flows.ts";
import { delegateCommand } from "../commands.ts";
import { FlowProject } from "../flow-project.ts";
import { valueOf } from "../value-of.ts";
import type { TimedCommand } from "../measure.ts";
import { pairedRatio, quantile, timeOnce } from "../measure.ts";
import type { Row } from "../row.ts";
import { formatMs } from "../row.ts";
import { startWorker } from "../worker.ts";

const CHAIN = 10;
const FAN = 200;
/** How many steps go on at once, unless a config says otherwise. */
const LIMIT = 8;

/** A program that is over at once. Both sides hand it to a shell as a line, as `sh -c` takes it. */
const INSTANT = "/bin/true";

/** What steps cost beyond the processes that they are: one after the other, and many at once. */
export async function measureFlowSteps(rounds: number): Promise<Row[]> {
  const project = new FlowProject();
  try {
    const chain = await compare(project, chainOfShell(project), rounds, () => runChain(project));
    const fan = await compare(project, fanOfXargs(project), rounds, () => runFan(project));
    const inWorker = await compareInWorker(project, rounds);
    const beyond = chain.spans.map((ms, round) => (ms - (chain.peer[round] ?? Number.NaN)) / CHAIN);
    const overheadMs = quantile(beyond, 0.5);
    return [
      {
        figure: `flow run, ${CHAIN} instant commands in a chain: a step, beyond a loop of sh -c`,
        measured: formatMs(overheadMs),
        ratio: "",
        bar: "5 ms",
        isWithin: overheadMs <= 5,
      },
      fanRow(
        `${FAN} instant commands, ${LIMIT} at once, by a worker that is at work`,
        inWorker,
        1.3,
      ),
      fanRow("the same by flow run, which is new to all of it", fan, null),
    ];
  } finally {
    project.dispose();
  }
}

interface Compared {
  /** From the creation of each flow run to its end, as its events tell. */
  readonly spans: readonly number[];
  /** The whole process that does the same. */
  readonly peer: readonly number[];
}

/** In turn, so that a machine that gets slower slows both; after three rounds that don't count. */
async function compare(
  project: FlowProject,
  peer: TimedCommand,
  rounds: number,
  carryOut: () => string | Promise<string>,
): Promise<Compared> {
  const spans: number[] = [];
  const peers: number[] = [];
  for (let round = -3; round < rounds; round += 1) {
    const peerMs = timeOnce(peer);
    const spanMs = await project.spanMs(await carryOut());
    if (round < 0) continue;
    peers.push(peerMs);
    spans.push(spanMs);
  }
  return { spans, peer: peers };
}

async function compareInWorker(project: FlowProject, rounds: number): Promise<Compared> {
  const worker = await startWorker(project);
  try {
    return await compare(project, fanOfXargs(project), rounds, async () => {
      const id = randomUUID();
      valueOf(await project.store.create(request(id, fanOut, project.folder)));
      await project.untilNewestIsComplete();
      return id;
    });
  } finally {
    await worker.kill();
  }
}

const fanOut = flow(Array.from({ length: FAN }, (_, place) => run(`step-${place}`, INSTANT)));

function runChain(project: FlowProject): string {
  const steps = Array.from({ length: CHAIN }, (_, place) => [
    `step-${place}`,
    { run: INSTANT, needs: place === 0 ? [] : [`step-${place - 1}`] },
  ]);
  return runFlow(project, project.writeFlow("chain", Object.fromEntries(steps)));
}

function runFan(project: FlowProject): string {
  const steps = Array.from({ length: FAN }, (_, place) => [`step-${place}`, { run: INSTANT }]);
  return runFlow(project, project.writeFlow("fan", Object.fromEntries(steps)));
}

function runFlow(project: FlowProject, file: string): string {
  const id = randomUUID();
  timeOnce(delegateCommand(project, "flow", "run", file, "--run-id", id));
  return id;
}

function chainOfShell(project: FlowProject): TimedCommand {
  const line = Array.from({ length: CHAIN }, () => `/bin/sh -c ${INSTANT}`).join("; ");
  return { file: "/bin/sh", args: ["-c", line], cwd: project.folder };
}

function fanOfXargs(project: FlowProject): TimedCommand {
  const line = `yes ${INSTANT} | head -n ${FAN} | xargs -P ${LIMIT} -n 1 /bin/sh -c`;
  return { file: "/bin/sh", args: ["-c", line], cwd: project.folder };
}

function fanRow(figure: string, { spans, peer }: Compared, bar: number | null): Row {
  const ratio = pairedRatio(spans, peer);
  return {
    figure,
    measured: formatMs(quantile(spans, 0.5)),
    ratio: `${ratio.toFixed(2)} x xargs -P ${LIMIT} sh -c`,
    bar: bar === null ? "" : `${bar} x`,
    isWithin: bar === null ? null : ratio <= bar,
  };
}
