import { messageOf } from "../thrown.ts";
import type { Expression } from "./flow.ts";
import type { StepFailureCode } from "./failure.ts";
import type { StepFailure, TaskKey } from "./task.ts";

/** No step that is done again comes to anything else: a flow run keeps its own copy of the file and its agents. */
const START_ANEW = "start the flow anew";
const MEND = `mend the file and ${START_ANEW}, as this flow run keeps its own copy`;

/** An expression that has no value, or not one of the kind that is needed. */
export function expressionFailed(
  field: string,
  expression: Expression,
  message: string,
): StepFailure {
  return failure(
    "expression_failed",
    `the expression "${expression}" in "${field}" fails: ${message}`,
    `compare the expression with what the steps before it gave; ${MEND}`,
  );
}

/** Inputs that another flow can't begin with. */
export function inputsRefused(flow: string, troubles: readonly string[]): StepFailure {
  return failure(
    "expression_failed",
    `the flow "${flow}" can't begin: ${troubles.join("; ")}`,
    `compare what "with" gives with the inputs of that flow; ${MEND}`,
  );
}

/** A persona that the flow does not have. */
export function personaUnknown(name: string, known: readonly string[]): StepFailure {
  return failure(
    "expression_failed",
    `"persona" is "${name}", and the flow has no persona of that name`,
    `${known.length === 0 ? 'name personas in the flow\'s "personas"' : `name one of ${known.join(", ")}`}; ${MEND}`,
  );
}

/** All steps are done, and only what is to be said of them is wrong. */
export function reportFailed({ message, hint }: StepFailure): StepFailure {
  return failure("expression_failed", `report: ${message}`, hint);
}

/** More than a flow run keeps for a command to read. */
export function stdinTooLarge(bytes: number, most: number): StepFailure {
  return failure(
    "command_failed",
    `"stdin" is ${bytes} bytes long, and at most ${most} are possible`,
    "have the earlier step leave a file, and give the command its path",
  );
}

/** A role that nobody takes. */
export function roleEmpty(role: string): StepFailure {
  return {
    code: "agent_unknown",
    message: `no agent takes the role "${role}"`,
    hint: `${START_ANEW} with --agent ${role}=<agent>, or name one in the flow's "agents"`,
  };
}

/** A container in which a step has failed; `where` says in which iteration or for which item. */
export function stepInsideFailed(stepId: string, where: string, cause: StepFailure): StepFailure {
  return {
    ...cause,
    code: cause.code === "budget_exhausted" ? cause.code : "step_failed",
    message: `"${stepId}" failed${where}: ${cause.message}`,
  };
}

/** A loop whose iterations are used up; `because` says how the last one ended. */
export function loopExhausted(max: number, because: string): StepFailure {
  return failure(
    "loop_exhausted",
    `after ${max === 1 ? "1 iteration" : `${max} iterations`} ${because}`,
    'look at what its steps say, or allow more iterations with "max"',
  );
}

/** A step that has lost its worker again and again; `aftermath` says what became of its agent, if it has one. */
export function workerLost(times: number, aftermath: string | null): StepFailure {
  const cause =
    "see whether it needs more memory than there is, or ends processes that are not its own";
  return failure(
    "worker_lost",
    `its worker died ${times} times in the middle of it`,
    aftermath === null ? cause : `${cause}; ${aftermath}`,
  );
}

/** What is known of an agent that nobody could end. */
export function agentMayBeAtWork(runId: string): string {
  return `its agent may still be at work: delegate cancel ${runId} ends it`;
}

/** An agent step for which the budget has no room. */
export function budgetExhausted(needed: string): StepFailure {
  return failure(
    "budget_exhausted",
    `the flow's budget is used up: ${needed}`,
    'raise "budget" in the flow\'s file and start it again',
  );
}

/** An agent that says nothing about its usage, where the budget wants to know. */
export function usageUnknown(): StepFailure {
  return failure(
    "usage_unknown",
    "the agent did not say what it has used",
    'let the agent put "usage" into its handoff, or set "unknown" of the flow\'s budget to "reserved" or "free"',
  );
}

/** Nobody has decided in time about this step. */
export function nobodyDecided(what: string, flowRunId: string, key: TaskKey): StepFailure {
  return {
    code: "timeout",
    message: `nobody ${what} in time`,
    hint: `${askAgain(flowRunId, key)}; in the flow's file, "timeout" of the step says how long it waits`,
  };
}

/** What to do when nobody can decide about a step any more. */
export function askAgain(flowRunId: string, key: TaskKey): string {
  return `delegate flow retry ${flowRunId} --from ${key} asks again`;
}

/** Whether only another flow run can come to anything else; a budget and what expressions say stay the same. */
export function asksForNewRun({ code, hint }: StepFailure): boolean {
  return code === "budget_exhausted" || code === "expression_failed" || hint.includes(START_ANEW);
}

/** What nobody has expected. */
export function bugFailure(error: unknown): StepFailure {
  return {
    code: "internal",
    message: `this is a bug in delegate: ${messageOf(error)}`,
    hint: "please report it, with the flow file and the output of delegate --version",
  };
}

function failure(code: StepFailureCode, message: string, hint: string): StepFailure {
  return { code, message, hint };
}
