import { randomUUID } from "node:crypto";
import { delegateCommand } from "../commands.ts";
import { FlowProject } from "../flow-project.ts";
import type { TimedCommand } from "../measure.ts";
import { pairedRatio, quantile, timeOnce } from "../measure.ts";
import type { Row } from "../row.ts";
import { formatMs } from "../row.ts";

const CHAIN = 10;
const FAN = 200;
/** How many steps go on at once, unless a config says otherwise. */
const LIMIT = 8;

/** A command that is over at once. Both sides hand it to a shell of its own kind, as `sh -c` does. */
const INSTANT = "/bin/true";

/** What steps cost beyond the processes that they are: one after the other, and many at once. */
export async function measureFlowSteps(rounds: number): Promise<Row[]> {
  const project = new FlowProject();
  try {
    const chain = await compare(project, writeChain(project), chainOfShell(project), rounds);
    const fan = await compare(project, writeFan(project), fanOfXargs(project), rounds);
    const overheadMs = quantile(
      chain.spans.map((ms, round) => (ms - (chain.peer[round] ?? Number.NaN)) / CHAIN),
      0.5,
    );
    const ratio = pairedRatio(fan.spans, fan.peer);
    return [
      {
        figure: `flow of ${CHAIN} instant commands in a chain: a step, beyond sh -c in a loop`,
        measured: formatMs(overheadMs),
        ratio: "",
        bar: "5 ms",
        isWithin: overheadMs <= 5,
      },
      wholeRow("the same: whole command, node's start included", chain.whole),
      {
        figure: `flow of ${FAN} instant commands, ${LIMIT} at once, from its creation to its end`,
        measured: formatMs(quantile(fan.spans, 0.5)),
        ratio: `${ratio.toFixed(2)} x xargs -P ${LIMIT} sh -c`,
        bar: "1.3 x",
        isWithin: ratio <= 1.3,
      },
      wholeRow("the same: whole command, node's start included", fan.whole),
    ];
  } finally {
    project.dispose();
  }
}

interface Compared {
  /** From the creation of each flow run to its end, as its events tell. */
  readonly spans: readonly number[];
  /** Of the whole process. */
  readonly whole: readonly number[];
  readonly peer: readonly number[];
}

/** In turn, so that a machine that gets slower slows both; after two rounds that don't count. */
async function compare(
  project: FlowProject,
  file: string,
  peer: TimedCommand,
  rounds: number,
): Promise<Compared> {
  const spans: number[] = [];
  const whole: number[] = [];
  const peers: number[] = [];
  for (let round = -2; round < rounds; round += 1) {
    const id = randomUUID();
    const peerMs = timeOnce(peer);
    const ms = timeOnce(delegateCommand(project, "flow", "run", file, "--run-id", id));
    if (round < 0) continue;
    peers.push(peerMs);
    whole.push(ms);
    spans.push(await project.spanMs(id));
  }
  return { spans, whole, peer: peers };
}

function writeChain(project: FlowProject): string {
  const steps = Array.from({ length: CHAIN }, (_, place) => [
    `step-${place}`,
    { run: INSTANT, needs: place === 0 ? [] : [`step-${place - 1}`] },
  ]);
  return project.writeFlow("chain", Object.fromEntries(steps));
}

function writeFan(project: FlowProject): string {
  const steps = Array.from({ length: FAN }, (_, place) => [`step-${place}`, { run: INSTANT }]);
  return project.writeFlow("fan", Object.fromEntries(steps));
}

function chainOfShell(project: FlowProject): TimedCommand {
  const line = Array.from({ length: CHAIN }, () => `/bin/sh -c ${INSTANT}`).join("; ");
  return { file: "/bin/sh", args: ["-c", line], cwd: project.folder };
}

function fanOfXargs(project: FlowProject): TimedCommand {
  const line = `yes ${INSTANT} | head -n ${FAN} | xargs -P ${LIMIT} -n 1 /bin/sh -c`;
  return { file: "/bin/sh", args: ["-c", line], cwd: project.folder };
}

function wholeRow(figure: string, times: readonly number[]): Row {
  const measured = formatMs(quantile(times, 0.5));
  return { figure, measured, ratio: "", bar: "", isWithin: null };
}
