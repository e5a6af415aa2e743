import { delegateCommand } from "../commands.ts";
import { FlowProject } from "../flow-project.ts";
import { pairedRatio, quantile, timeInTurn } from "../measure.ts";
import { createOldFlows } from "../old-flows.ts";
import type { Row } from "../row.ts";
import { formatMs } from "../row.ts";

/** Whether the list of the newest flow runs costs more when there have been many. */
export function measureFlowList(count: number, rounds: number): Row[] {
  const few = new FlowProject();
  const many = new FlowProject();
  try {
    createOldFlows(few, 20);
    createOldFlows(many, count);
    const [base = [], among = []] = timeInTurn(
      [few, many].map((project) => delegateCommand(project, "flow", "list", "--limit", "20")),
      rounds,
    );
    const ms = quantile(among, 0.5);
    return [
      {
        figure: `flow list of 20 among ${count.toLocaleString("en-US")}`,
        measured: formatMs(ms),
        ratio: `${pairedRatio(among, base).toFixed(2)} x among 20`,
        bar: "200 ms",
        isWithin: ms <= 200,
      },
    ];
  } finally {
    few.dispose();
    many.dispose();
  }
}
