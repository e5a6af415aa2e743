import { bareNode, delegateCommand, peerCommand, whatPeerLacks } from "../commands.ts";
import { pairedRatio, quantile, timeInTurn } from "../measure.ts";
import type { BenchGateway, Project } from "../project.ts";
import type { Row } from "../row.ts";
import { formatMs, skipped } from "../row.ts";

/** How long whole runs take, from the start of the process to its end. */
export function measureWall(project: Project, gateway: BenchGateway, rounds: number): Row[] {
  const lacks = whatPeerLacks();
  const [bare = [], whole = [], noWait = [], peer = []] = timeInTurn(
    [
      bareNode(project),
      delegateCommand(project, "prompt", "Read the report."),
      delegateCommand(project, "silent", "Read the report.", "--no-wait"),
      ...(lacks === null ? [peerCommand(project, gateway.origin, "prompt")] : []),
    ],
    rounds,
  );
  return [
    {
      figure: "node -e 0",
      measured: formatMs(quantile(bare, 0.5)),
      ratio: "",
      bar: "",
      isWithin: null,
    },
    wallRow("whole run, the agent answers at once", whole, bare, 3),
    wallRow("--no-wait", noWait, bare, 2.8),
    lacks === null
      ? wallRow("whole run of the shell peer", peer, bare, null)
      : skipped("whole run of the shell peer", lacks),
  ];
}

function wallRow(
  figure: string,
  times: readonly number[],
  bare: readonly number[],
  bar: number | null,
): Row {
  const ratio = pairedRatio(times, bare);
  return {
    figure,
    measured: formatMs(quantile(times, 0.5)),
    ratio: `${ratio.toFixed(2)} x node`,
    bar: bar === null ? "" : `${bar.toFixed(1)} x`,
    isWithin: bar === null ? null : ratio <= bar,
  };
}
