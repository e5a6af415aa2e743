import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { lookForPostgres } from "../../test/postgres/find-postgres.ts";
import { PostgresServer } from "../../test/postgres/postgres-server.ts";
import { pairedRatio, quantile } from "../measure.ts";
import { peakKib } from "../proc.ts";
import type { Row } from "../row.ts";
import { formatMiB, formatMs, skipped } from "../row.ts";
import { WaitingFlows } from "../waiting-flows.ts";

const WAITING = 1_000;
const WAKE_MS = 300;
const WAKE = `approve to done, with ${WAITING.toLocaleString("en-US")} flows waiting in Postgres`;
const MAX_KIB = 150 * 1024;
const FLOWS = 10;
const STEPS = 100;
const THROUGHPUT = `no-op steps a second, ${FLOWS} flows at once`;

/** How many times each of them is measured. */
export interface PostgresRounds {
  readonly approvals: number;
  readonly throughput: number;
}

/** Flows over a Postgres as it is installed, and against what DBOS does there by itself. */
export async function measurePostgres(rounds: PostgresRounds): Promise<readonly Row[]> {
  const programs = lookForPostgres();
  if (programs === null)
    return [WAKE, THROUGHPUT].map((figure) =>
      skipped(figure, "there is no PostgreSQL; npm run test:postgres installs Debian's"),
    );
  const server = await PostgresServer.start(programs, "usual");
  try {
    return [
      ...(await measureWake(server.createDatabase("waiting"), rounds.approvals)),
      ...measureThroughput(server.createDatabase("steps"), rounds.throughput),
    ];
  } finally {
    await server.stop();
  }
}

async function measureWake(url: string, rounds: number): Promise<readonly Row[]> {
  const flows = await WaitingFlows.start(url, WAITING);
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await flows.approve(round));
    const median = quantile(times, 0.5);
    const slow = quantile(times, 0.95);
    return [
      {
        figure: WAKE,
        measured: formatMs(median),
        ratio: `95 %: ${formatMs(slow)}`,
        bar: formatMs(WAKE_MS),
        isWithin: median <= WAKE_MS,
      },
      ...(process.platform === "linux" ? [memoryRow(peakKib(flows.worker.pid))] : []),
    ];
  } finally {
    await flows.stop();
  }
}

function memoryRow(kib: number): Row {
  return {
    figure: "peak memory of the one worker that is there for them",
    measured: formatMiB(kib),
    ratio: "",
    bar: formatMiB(MAX_KIB),
    isWithin: kib <= MAX_KIB,
  };
}

/** Ours in a file and DBOS on Postgres in turn, so that a machine that gets slower in between slows both. */
function measureThroughput(url: string, rounds: number): readonly Row[] {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(msOf(new URL("../steps-in-sqlite.ts", import.meta.url), url));
    theirs.push(msOf(new URL("../steps-in-dbos.ts", import.meta.url), url));
  }
  const ratio = pairedRatio(theirs, ours);
  return [
    {
      figure: `${THROUGHPUT}: DBOS alone on Postgres`,
      measured: rateOf(theirs),
      ratio: "",
      bar: "",
      isWithin: null,
    },
    {
      figure: `${THROUGHPUT}: ours in a file`,
      measured: rateOf(ours),
      ratio: `${ratio.toFixed(1)} x DBOS`,
      bar: ">= 2 x",
      isWithin: ratio >= 2,
    },
  ];
}

function rateOf(times: readonly number[]): string {
  return `${Math.round((FLOWS * STEPS * 1_000) / quantile(times, 0.5))} /s`;
}

function msOf(program: URL, url: string): number {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(program), String(FLOWS), String(STEPS)],
    { encoding: "utf8", env: { ...process.env, DATABASE_URL: url } },
  );
  if (status !== 0) throw new Error(`${program.pathname} failed: ${stderr}`);
  return Number(stdout);
}
