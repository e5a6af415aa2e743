import type { Outcome } from "../../run/outcome.ts";
import type { Json } from "../json.ts";
import type { Output, StoredFile } from "../task.ts";
import type { StepEnd, StepUsage } from "../work.ts";
import { usageOf } from "./run-usage.ts";
import { beginningOf, byteLength } from "./text-size.ts";

/** The most of a handoff that is copied into a flow run; what is larger stays in its file. */
const MAX_RESULT_BYTES = 64 * 1024;
const MAX_DATA_BYTES = 1024 * 1024;
const MAX_ARTIFACTS_BYTES = 64 * 1024;

/** What a run's outcome means for its step; `handoffFile` is asked for only when not all of it is copied. */
export function endOfRun(outcome: Outcome, handoffFile: () => StoredFile | null): StepEnd {
  const { error } = outcome;
  const usage = usageOf(outcome);
  const output = outputOf(outcome, usage, handoffFile);
  if (error === undefined) return { end: "done", output, usage };
  const { code, message, hint, retryable } = error;
  return {
    end: "failed",
    failure: { code, message, hint: inFlowWords(hint) },
    output,
    usage,
    isRetryable: retryable,
  };
}

/** A step has in its file what a run is given by an option. */
function inFlowWords(hint: string): string {
  const option = /--(retries|timeout|idle-timeout)\b(?! <)((?: \d(?: or \d)?)?)/g;
  return hint.replace(
    option,
    (_all, name: string, value: string) => `"${name}"${value} in the flow's file`,
  );
}

function outputOf(
  outcome: Outcome,
  usage: StepUsage,
  handoffFile: () => StoredFile | null,
): Output {
  const whole = outcome.result ?? "";
  const result = beginningOf(whole, MAX_RESULT_BYTES);
  const data = copyOf(outcome.data, MAX_DATA_BYTES);
  const deliverable = copyOf(outcome.deliverable, MAX_ARTIFACTS_BYTES);
  const artifacts = copyOf(outcome.artifacts, MAX_ARTIFACTS_BYTES);
  const areWhole = [data, deliverable, artifacts].every(({ isWhole }) => isWhole);
  const isWhole = result === whole && areWhole;
  const file = isWhole ? null : handoffFile();
  return {
    result,
    data: data.value,
    deliverable: deliverable.value,
    artifacts: artifacts.value ?? [],
    handoff: outcome.status,
    confidence: outcome.confidence ?? null,
    usage: { ...usage },
    runId: outcome.runId ?? null,
    agent: outcome.agent ?? null,
    ...(file === null ? {} : { files: { handoff: { ...file } } }),
  };
}

/** Null instead of what is too large: half of it would be taken for all of it. */
function copyOf(
  value: unknown,
  maxBytes: number,
): { readonly value: Json; readonly isWhole: boolean } {
  const text = JSON.stringify(value ?? null);
  if (byteLength(text) > maxBytes) return { value: null, isWhole: false };
  const copy: Json = JSON.parse(text);
  return { value: copy, isWhole: true };
}
