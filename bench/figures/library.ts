import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { countInotifyWatches, peakKib } from "../proc.ts";
import type { BenchGateway, Project } from "../project.ts";
import type { Row } from "../row.ts";
import { formatMiB, skipped } from "../row.ts";
import { stateWhen } from "../waiting.ts";

const MAX_KIB = 150 * 1024;

/** By then all watches are released. */
const SETTLED_MS = 300;

/** Many runs that wait at once in one process, through the library. */
export async function measureLibrary(
  project: Project,
  gateway: BenchGateway,
  count: number,
): Promise<Row[]> {
  const name = `${count.toLocaleString("en-US")} runs in one process`;
  if (process.platform !== "linux") return [skipped(name, "needs /proc")];
  const report = await runMany(project, gateway, count, []);
  const young = await runMany(project, gateway, count, ["--max-semi-space-size=2"]);
  const areReleased = report.watchesWhileWaiting >= count && report.watchesAfterwards === 0;
  return [
    {
      figure: `${name}: answered`,
      measured: String(report.answered),
      ratio: "",
      bar: "all",
      isWithin: report.answered === count,
    },
    {
      figure: `${name}: peak memory`,
      measured: formatMiB(report.peakKib),
      ratio: "",
      bar: formatMiB(MAX_KIB),
      isWithin: report.peakKib <= MAX_KIB,
    },
    {
      figure: `${name}: the same with --max-semi-space-size=2`,
      measured: formatMiB(young.peakKib),
      ratio: "",
      bar: "",
      isWithin: null,
    },
    {
      figure: `${name}: watches while waiting, afterwards`,
      measured: `${report.watchesWhileWaiting}, ${report.watchesAfterwards}`,
      ratio: "",
      bar: "0 left",
      isWithin: areReleased,
    },
  ];
}

interface LibraryReport {
  readonly answered: number;
  readonly peakKib: number;
  readonly watchesWhileWaiting: number;
  readonly watchesAfterwards: number;
}

async function runMany(
  project: Project,
  gateway: BenchGateway,
  count: number,
  nodeOptions: readonly string[],
): Promise<LibraryReport> {
  await gateway.forget();
  const program = fileURLToPath(new URL("../library-runs.js", import.meta.url));
  const child = spawn(process.execPath, [...nodeOptions, program, String(count)], {
    cwd: project.folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { admitted } = await gateway.state();
  await stateWhen(gateway, (state) => state.admitted - admitted >= count);
  const watchesWhileWaiting = countInotifyWatches(child.pid);
  const answer = once(child.stdout, "data");
  await gateway.release();
  const [answered] = await answer;
  await sleep(SETTLED_MS);
  const report: LibraryReport = {
    answered: Number(answered),
    peakKib: peakKib(child.pid),
    watchesWhileWaiting,
    watchesAfterwards: countInotifyWatches(child.pid),
  };
  child.stdin.end();
  return report;
}
