import { cpus } from "node:os";
import { measureFlowList } from "./figures/flow-list.ts";
import { measureFlowSteps } from "./figures/flow-steps.ts";
import { measureFlowTakeover } from "./figures/flow-takeover.ts";
import { measureFlowWaiting } from "./figures/flow-waiting.ts";
import { measureLibrary } from "./figures/library.ts";
import { measureMemory } from "./figures/memory.ts";
import { measureOldRuns } from "./figures/old-runs.ts";
import { measurePostgres } from "./figures/postgres.ts";
import { measureReaction } from "./figures/reaction.ts";
import { measureWall } from "./figures/wall.ts";
import { Project, startGateway } from "./project.ts";
import { formatTable } from "./row.ts";

/** How often each figure is measured. */
const full = {
  wall: 40,
  reaction: 40,
  memory: 7,
  oldRuns: 20,
  oldRunCount: 100_000,
  library: 1_000,
  postgres: { approvals: 40, throughput: 5 },
  flowSteps: 15,
  flowWakes: 15,
  waitingFlows: 1_000,
  flowList: 20,
  oldFlowCount: 100_000,
  flowTakeovers: 5,
};
const quick = {
  wall: 10,
  reaction: 10,
  memory: 3,
  oldRuns: 5,
  oldRunCount: 10_000,
  library: 1_000,
  postgres: { approvals: 10, throughput: 2 },
  flowSteps: 5,
  flowWakes: 5,
  waitingFlows: 1_000,
  flowList: 5,
  oldFlowCount: 10_000,
  flowTakeovers: 1,
};

const times = process.argv.includes("--quick") ? quick : full;
const gateway = await startGateway();
const project = new Project(gateway.origin);
try {
  process.stderr.write("measuring; a quiet machine gives the truest figures\n");
  const rows = [
    ...measureWall(project, gateway, times.wall),
    ...(await measureReaction(project, gateway, times.reaction)),
    ...(await measureMemory(project, gateway, times.memory)),
    ...measureOldRuns(project, gateway, { rounds: times.oldRuns, count: times.oldRunCount }),
    ...(await measureLibrary(project, gateway, times.library)),
    ...(await measurePostgres(times.postgres)),
    ...(await measureFlowSteps(times.flowSteps)),
    ...(await measureFlowWaiting(times.waitingFlows, times.flowWakes)),
    ...measureFlowList(times.oldFlowCount, times.flowList),
    ...(await measureFlowTakeover(times.flowTakeovers)),
  ];
  const over = rows.filter(({ isWithin }) => isWithin === false).length;
  process.stdout.write(
    `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} processors\n\n` +
      `${formatTable(rows)}\n\n` +
      `${over === 0 ? "All figures are within their bars." : `${over} figures are OVER their bars.`}\n`,
  );
} finally {
  project.dispose();
  gateway.stop();
}
