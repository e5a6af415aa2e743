import type { Failure, Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import type { Limits } from "../../config/flow-limits.ts";
import type { WorkEnd } from "../../flows/store.ts";
import type { Execute, StepEnd } from "../../flows/work.ts";
import { defaultSettings } from "../../questions/routing.ts";
import { leaveCode } from "../leave-code.ts";
import { plainLine } from "../../text/plain.ts";
import { reportFailure } from "../report.ts";
import { remark } from "../terminal/remark.ts";
import type { Shell } from "../shell.ts";
import { AnswerWatch } from "./answer-watch.ts";
import { boundYoungHeap } from "./bound-young-heap.ts";
import type { WorkerCommand } from "./command.ts";
import { EscalationWatch } from "./escalation-watch.ts";
import { executeWith } from "./execute.ts";
import type { Flows } from "./open-flows.ts";
import { withFlows } from "./open-flows.ts";
import { withTelling } from "./telling/with-telling.ts";
import { UnwantedCommandsWatch } from "./unwanted-commands-watch.ts";

/** `delegate worker`: carries out flows for others until it is told to leave. */
export async function runWorker(command: WorkerCommand, shell: Shell): Promise<number> {
  const refuse = (reason: Failure): number => reportFailure(reason, shell);
  return withFlows(command, shell, refuse, async (flows) => {
    const say = (text: string): void => {
      if (!command.isQuiet) remark(text, shell);
    };
    // Whoever has asked for the signal leaves in good order at the first one, and at once at the second.
    shell.signal.throwIfAborted();
    say(`worker ${process.pid} carries out the flows of ${flows.config.path}; Ctrl-C ends it`);
    const answers = new AnswerWatch(flows);
    const unwanted = new UnwantedCommandsWatch(flows);
    const escalations = new EscalationWatch({ flows, shell, only: null, say });
    const execute = answers.over(executeFor(command, flows, shell));
    const end = await withTelling(null, flows.config, shell, () =>
      workUntilIdle(command, execute, flows, shell, say),
    );
    answers.close();
    await Promise.all([unwanted.close(), escalations.close()]);
    if (!end.ok) return refuse(end.failure);
    if (end.value === "signal") return leaveCode(shell.signal);
    say("nothing to do any more");
    return 0;
  });
}

/** Flow runs that wait for people need it, too. */
async function workUntilIdle(
  command: WorkerCommand,
  execute: Execute,
  flows: Flows,
  shell: Shell,
  say: (text: string) => void,
): Promise<Result<WorkEnd>> {
  const { config, store } = flows;
  for (;;) {
    const end = await store.work(execute, {
      signal: shell.signal,
      only: null,
      limits: limitsFor(command, config.flows.limits),
      idleMs: command.idleMs,
      warn: (message) => remark(message, shell),
      escalation: {
        rules: config.questions ?? defaultSettings,
        tell: ({ flowRunId, key, to }) => say(`${flowRunId}: ${key} still waits and goes to ${to}`),
      },
    });
    if (!end.ok || end.value !== "idle") return end;
    const waiting = await store.list({ name: null, status: "waiting", limit: 1 });
    if (!waiting.ok) return waiting;
    if (waiting.value.length === 0) return success("idle");
  }
}

function limitsFor({ limit }: WorkerCommand, limits: Limits): Limits {
  return limit === null ? limits : { ...limits, steps: limit };
}

/** With `--verbose`, each step is told of. */
function executeFor({ isVerbose }: WorkerCommand, { config }: Flows, shell: Shell): Execute {
  const execute = onceBegun(boundYoungHeap, executeWith(config, shell));
  if (!isVerbose) return execute;
  return async (job, tools) => {
    const name = `${job.flowRunId} ${job.key}`;
    const say = (words: string): void =>
      shell.stderr.write(`${plainLine(`${new Date().toISOString()} ${name} ${words}`)}\n`);
    say("begins");
    const end = await execute(job, tools);
    say(tellEnd(end, tools.signal.reason));
    return end;
  };
}

/** A step that this worker lets go of is canceled by nobody. */
function tellEnd(end: StepEnd, stop: unknown): string {
  if (end.end === "failed") return `failed: ${end.failure.message}`;
  const isLeft = end.end === "canceled" && (stop === "leaving" || stop === "lost");
  return isLeft ? "is left, to begin again" : end.end;
}

/** By its first step, all that a worker needs is loaded. */
function onceBegun(prepare: () => void, execute: Execute): Execute {
  let hasBegun = false;
  return (job, tools) => {
    if (!hasBegun) prepare();
    hasBegun = true;
    return execute(job, tools);
  };
}
