import type { Failure } from "../../failure.ts";
import { flowOutcomeOf } from "../../flows/outcome.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import { leaveReasonOf } from "../../run/leave.ts";
import type { CommonOptions, OutputFormat } from "../command.ts";
import { reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { AttendPlan } from "./attend.ts";
import { attend } from "./attend.ts";
import { openNarrator } from "./narrator.ts";
import type { Flows } from "./open-flows.ts";
import { loadEvaluator } from "../../flows/expression/load-evaluator.ts";
import { printFlowOutcome, refuseFlow } from "./print-outcome.ts";
import { ToldFlows } from "./telling/told-flows.ts";
import { withTelling } from "./telling/with-telling.ts";
import { startWorker } from "./worker-process.ts";

type StayOptions = CommonOptions & { readonly format: OutputFormat };

type StayPlan = Pick<AttendPlan, "works" | "patienceMs">;

/** Has a flow run carried on: by this process until its end, or by a worker; the value is the process's exit code. */
export function carryOn(
  request: FlowRequest,
  options: StayOptions & { readonly doesDetach: boolean },
  flows: Flows,
  shell: Shell,
): Promise<number> {
  return options.doesDetach
    ? leaveToWorker(request, options, flows, shell)
    : stayWithFlow(request, { works: "always", patienceMs: null }, options, flows, shell);
}

/** Stays with a flow run until its end and prints it; the value is the process's exit code. */
export function stayWithFlow(
  request: FlowRequest,
  plan: StayPlan,
  options: StayOptions,
  flows: Flows,
  shell: Shell,
): Promise<number> {
  // Whoever waits for the end comes first, then those who are told of it elsewhere.
  return withTelling(request.flowRunId, flows.config, shell, () =>
    stayAndPrint(request, plan, options, flows, shell),
  );
}

async function stayAndPrint(
  request: FlowRequest,
  plan: StayPlan,
  options: StayOptions,
  flows: Flows,
  shell: Shell,
): Promise<number> {
  const { flowRunId, flow } = request;
  const { isQuiet, format } = options;
  const names = { flowRunId, name: flow.name };
  const narrator = await openNarrator(options, request, shell);
  const attended = await attend({ ...plan, request, isQuiet }, flows, narrator, shell);
  if (!attended.ok) return refuseFlow(attended.failure, names, format, shell);
  const { value } = attended;
  if (value.kind === "left") {
    const left = await leftFailure(flowRunId, value.signal, flows);
    // Whoever pressed Ctrl-C reads the terminal, and is told what becomes of it.
    if (format === "json" && shell.stderr.isTerminal)
      shell.stderr.write(`delegate: ${left.message}\n  to do: ${left.hint}\n`);
    return refuseFlow(left, names, format, shell);
  }
  const { state, end, endedAtMs } = value;
  const outcome = flowOutcomeOf(state, end, endedAtMs, await loadEvaluator());
  return printFlowOutcome(outcome, format, shell);
}

/** Leaves a flow run to a worker, and starts one if there is none; the value is the process's exit code. */
async function leaveToWorker(
  request: FlowRequest,
  options: StayOptions,
  { config, store }: Flows,
  shell: Shell,
): Promise<number> {
  const { flowRunId, flow } = request;
  const names = { flowRunId, name: flow.name };
  const hasWorker = await store.hasWorker(flowRunId);
  if (!hasWorker.ok) return refuseFlow(hasWorker.failure, names, options.format, shell);
  // Workers elsewhere don't see which flow runs are told of from this machine.
  const needsOwn = config.store !== null && new ToldFlows(config).isOpen(flowRunId);
  if (!hasWorker.value || needsOwn) await startWorker(config, shell.env);
  if (options.format === "json") reportJson({ status: "sent", ...names }, shell);
  else shell.stdout.write(`${flowRunId}\n`);
  return 0;
}

/** Why this process left, and what becomes of the flow run. */
async function leftFailure(
  flowRunId: string,
  signal: AbortSignal,
  { store }: Flows,
): Promise<Failure> {
  const hasWorker = await store.hasWorker(flowRunId);
  const goesOn = hasWorker.ok && hasWorker.value;
  const fate = goesOn ? "a worker goes on with it" : "nobody goes on with it now";
  const hint = goesOn
    ? `delegate flow wait ${flowRunId} waits for its end`
    : `delegate flow wait ${flowRunId} carries it on; delegate worker carries on all`;
  const reason = leaveReasonOf(signal);
  if (reason === "wait_over")
    return {
      code: "still_running",
      message: `flow run ${flowRunId} has not ended yet; ${fate}`,
      hint,
    };
  const code = reason === "interrupted" ? "interrupted" : "terminated";
  return { code, message: `left flow run ${flowRunId}; ${fate}`, hint };
}
