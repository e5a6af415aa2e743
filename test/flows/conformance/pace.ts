import type { WorkerPace } from "../../../src/flows/store/worker-pace.ts";

/** For most tests: on a machine that is held up for long, nobody is given up, nobody gives up, and nobody complains. */
export const patientPace: WorkerPace = {
  beatMs: 1_500,
  patienceMs: 600_000,
  warnAfterMs: 600_000,
  leaveMs: 600_000,
};

/** For tests in which a worker dies or stands still, and no more than one other is there to see it. */
export const quickPace: WorkerPace = { ...patientPace, beatMs: 300 };

/** For tests in which workers give up, or say what is in their way. */
export const hastyPace: WorkerPace = {
  beatMs: 300,
  patienceMs: 2_000,
  warnAfterMs: 0,
  leaveMs: 5_000,
};
