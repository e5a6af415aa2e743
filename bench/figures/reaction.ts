import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { delegateCommand, peerCommand, whatPeerLacks } from "../commands.ts";
import { goodHandoff } from "../handoff.ts";
import type { TimedCommand } from "../measure.ts";
import { nowMs, quantile } from "../measure.ts";
import type { BenchGateway, Project } from "../project.ts";
import type { Row } from "../row.ts";
import { formatMs, skipped } from "../row.ts";
import { startWaiting } from "../waiting.ts";

/** Long enough for a second request to be held, and for all to be quiet. */
const SETTLED_MS = 150;

/** How long it takes from the file being in place to the process being gone. */
export async function measureReaction(
  project: Project,
  gateway: BenchGateway,
  rounds: number,
): Promise<Row[]> {
  const lacks = whatPeerLacks();
  const own: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await reactOnce(delegateCommand(project, "silent", "Read the report."), gateway));
    if (lacks === null)
      peer.push(await reactOnce(peerCommand(project, gateway.origin, "silent"), gateway));
  }
  const figure = "file in place to process gone";
  return [
    reactionRow(`${figure}, p50`, quantile(own, 0.5), 15),
    reactionRow(`${figure}, p95`, quantile(own, 0.95), 40),
    lacks === null
      ? reactionRow(`${figure}, p50 of the shell peer`, quantile(peer, 0.5), null)
      : skipped(`${figure} of the shell peer`, lacks),
  ];
}

async function reactOnce(command: TimedCommand, gateway: BenchGateway): Promise<number> {
  const run = await startWaiting(command, gateway);
  await sleep(SETTLED_MS);
  writeFileSync(run.call.handoffPath, goodHandoff(run.call.runId));
  const inPlaceAt = nowMs();
  return (await run.ended) - inPlaceAt;
}

function reactionRow(figure: string, ms: number, bar: number | null): Row {
  return {
    figure,
    measured: formatMs(ms),
    ratio: "",
    bar: bar === null ? "" : `${bar} ms`,
    isWithin: bar === null ? null : ms <= bar,
  };
}
