import { delegateCommand } from "../commands.ts";
import { pairedRatio, quantile, timeInTurn } from "../measure.ts";
import { createOldRuns } from "../old-runs.ts";
import type { BenchGateway } from "../project.ts";
import { Project } from "../project.ts";
import type { Row } from "../row.ts";
import { formatMs } from "../row.ts";

/** Whether a run, and the list of the newest, cost more when there have been many before. */
export function measureOldRuns(
  empty: Project,
  gateway: BenchGateway,
  { rounds, count }: { readonly rounds: number; readonly count: number },
): Row[] {
  const full = new Project(gateway.origin);
  try {
    createOldRuns(full, count);
    const [fresh = [], among = [], list = []] = timeInTurn(
      [
        delegateCommand(empty, "prompt", "Read the report."),
        delegateCommand(full, "prompt", "Read the report."),
        delegateCommand(full, "list", "--limit", "20"),
      ],
      rounds,
    );
    const ratio = pairedRatio(among, fresh);
    const listMs = quantile(list, 0.5);
    const name = count.toLocaleString("en-US");
    return [
      {
        figure: `whole run among ${name} old ones`,
        measured: formatMs(quantile(among, 0.5)),
        ratio: `${ratio.toFixed(2)} x an empty folder`,
        bar: "1.1 x",
        isWithin: ratio <= 1.1,
      },
      {
        figure: `list of 20 among ${name}`,
        measured: formatMs(listMs),
        ratio: "",
        bar: "200 ms",
        isWithin: listMs <= 200,
      },
    ];
  } finally {
    full.dispose();
  }
}
