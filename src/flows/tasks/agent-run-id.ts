import type { Flow } from "../flow.ts";
import { partsOf, stepsTo } from "../tree/place.ts";
import type { TaskKey } from "../task.ts";

/** What a run id may have at most. */
const MAX_LENGTH = 128;

/**
 * The run id of an agent step: `<flowRun>.<step>.<iteration>.<attempt>`. The step is named with the subflows around it,
 * joined with `_`; the iteration is all numbers on the way, joined with `-`. One that would be too long is cut, and a
 * hash of the whole takes the place of what is missing.
 */
export function agentRunIdOf(flow: Flow, flowRunId: string, key: TaskKey, attempt: number): string {
  const path = stepsTo(flow, key);
  if (path === null) throw new Error(`the flow has no step at ${key}`);
  const named = path.filter(({ kind }, index) => kind === "flow" || index === path.length - 1);
  const step = named.map(({ id }) => id).join("_");
  const numbers = partsOf(key).flatMap(({ number }) => number ?? []);
  const iteration = numbers.join("-") || "1";
  const whole = `${flowRunId}.${step}.${iteration}.${attempt}`;
  if (whole.length <= MAX_LENGTH) return whole;
  const tail = `_${hashOf(`${step}.${iteration}`)}.${numbers.at(-1) ?? 1}.${attempt}`;
  return `${`${flowRunId}.${step}`.slice(0, MAX_LENGTH - tail.length)}${tail}`;
}

/** FNV-1a with 64 bits: enough to tell the steps of one flow run apart. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    hash ^= BigInt(text.charCodeAt(at));
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(36);
}
