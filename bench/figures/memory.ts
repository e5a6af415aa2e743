import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { delegateCommand } from "../commands.ts";
import { pairedRatio, quantile } from "../measure.ts";
import { peakKib } from "../proc.ts";
import type { BenchGateway, Project } from "../project.ts";
import type { Row } from "../row.ts";
import { formatMiB, skipped } from "../row.ts";
import { startWaiting } from "../waiting.ts";

const FIGURE = "peak memory of a waiting run";

/** By then a run has done all that it does while it waits. */
const SETTLED_MS = 1_200;

/** The most memory that a process has had by the time it only waits. */
export async function measureMemory(
  project: Project,
  gateway: BenchGateway,
  rounds: number,
): Promise<Row[]> {
  if (process.platform !== "linux") return [skipped(FIGURE, "needs /proc")];
  const bare: number[] = [];
  const waiting: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await peakOfBareNode());
    const run = await startWaiting(delegateCommand(project, "silent", "Read the report."), gateway);
    await sleep(SETTLED_MS);
    waiting.push(peakKib(run.child.pid));
    await gateway.release();
    await run.ended;
  }
  const ratio = pairedRatio(waiting, bare);
  return [
    {
      figure: "peak memory of node that waits",
      measured: formatMiB(quantile(bare, 0.5)),
      ratio: "",
      bar: "",
      isWithin: null,
    },
    {
      figure: FIGURE,
      measured: formatMiB(quantile(waiting, 0.5)),
      ratio: `${ratio.toFixed(2)} x node`,
      bar: "1.6 x",
      isWithin: ratio <= 1.6,
    },
  ];
}

async function peakOfBareNode(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" });
  await sleep(300);
  const peak = peakKib(child.pid);
  child.kill();
  return peak;
}
