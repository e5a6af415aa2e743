import type { Result } from "../../failure.ts";
import { failureKinds } from "../../failure.ts";
import type { Environment } from "../../environment.ts";
import { withoutRunVariables } from "../../local/run-variables.ts";
import type { RunTools } from "../../run/ports.ts";
import { unreachable } from "../../unreachable.ts";
import type { Execute, Job, JobTools, StepEnd } from "../work.ts";
import { carryOutAgent } from "./agent-step.ts";
import { carryOutApprove } from "./approve-step.ts";
import { carryOutAsk } from "./ask-step.ts";
import { giveUpAgent } from "./give-up-agent.ts";
import { carryOutRun } from "./run-step.ts";
import { ShellPool } from "./shell-pool.ts";
import type { StepCommandTools } from "./step-command.ts";

/** What steps are carried out with. */
export interface StepTools {
  /** What runs are made with, as the config stands now; a flow run may live longer than what its file says. */
  readonly runTools: () => Result<RunTools>;
  /** What commands inherit. */
  readonly env: Environment;
}

/** Carries out steps, for a worker. Nothing of it has to be closed. */
export function openExecute({ runTools, env }: StepTools): Execute {
  const inherited = withoutRunVariables(env);
  const pool = new ShellPool(inherited);
  return async (job, tools) => {
    const ready = runTools();
    if (!ready.ok) {
      const { code, message, hint } = ready.failure;
      const { isRetryable } = failureKinds[code];
      const failure = { code, message, hint };
      return { end: "failed", failure, output: {}, usage: null, isRetryable };
    }
    const { config, warn } = ready.value;
    const { handoffDir, path: configPath } = config;
    return carryOut(job, tools, ready.value, {
      pool,
      env: inherited,
      handoffDir,
      configPath,
      warn,
    });
  };
}

async function carryOut(
  job: Job,
  tools: JobTools,
  runTools: RunTools,
  commandTools: StepCommandTools,
): Promise<StepEnd> {
  const { work } = job;
  switch (work.kind) {
    case "agent":
      return job.losses === undefined
        ? carryOutAgent(job, work, runTools, tools)
        : giveUpAgent(job, job.losses, runTools);
    case "run":
      return carryOutRun(job, work, commandTools, tools.signal);
    case "approve":
      return carryOutApprove(job, work, commandTools, tools.signal);
    case "ask":
      return carryOutAsk(job, work, runTools, tools.signal);
    default:
      return unreachable(work);
  }
}
