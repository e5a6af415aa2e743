import type { Step } from "../flow.ts";

export type StepKind = Step["kind"];

/** The kinds of steps, each by the key that makes a step one of it. */
export const stepKinds = [
  "agent",
  "run",
  "approve",
  "ask",
  "loop",
  "for-each",
  "flow",
] as const satisfies readonly StepKind[];

/** The keys that any step may have. */
export const commonKeys = ["needs", "when", "on-failure", "retry", "outputs"] as const;

const carriedKeys = ["timeout", "recovery", "group"] as const;

/** The keys that a step of this kind may have besides the common ones. */
export const keysOfKind: Readonly<Record<StepKind, readonly string[]>> = {
  agent: [
    "agent",
    "task",
    "persona",
    "mode",
    "schema",
    "retries",
    "idle-timeout",
    "reserve",
    ...carriedKeys,
  ],
  run: ["run", "cwd", "env", "stdin", ...carriedKeys],
  approve: ["approve", ...carriedKeys],
  ask: ["ask", ...carriedKeys],
  loop: ["loop", "steps"],
  "for-each": ["for-each", "steps"],
  flow: ["flow", "with"],
};

/** The keys that a step of this kind can't do without, besides its own. */
export const neededKeys: Readonly<Record<StepKind, readonly string[]>> = {
  agent: ["task"],
  run: [],
  approve: [],
  ask: [],
  loop: ["steps"],
  "for-each": ["steps"],
  flow: [],
};

const flowKeys = [
  "$schema",
  "name",
  "description",
  "category",
  "inputs",
  "agents",
  "personas",
  "budget",
  "steps",
  "report",
];

const costKeys = ["costUsd", "tokens"];

const keysInStep: Readonly<Record<string, readonly string[]>> = {
  approve: ["message", "show", "required-approver"],
  ask: ["question", "options", "answer", "foreman"],
  loop: ["max", "until"],
  "for-each": ["items", "as", "limit", "order"],
  retry: ["attempts", "base", "max"],
  reserve: costKeys,
};

/** The keys that an object at this place may have; none where any key may stand. */
export function knownKeysAt(pointer: string): readonly string[] {
  if (pointer === "") return flowKeys;
  if (pointer === "/budget") return [...costKeys, "unknown", "reserve"];
  if (pointer === "/budget/reserve") return costKeys;
  const inStep = /^(?:\/steps\/[^/]+)+(?:\/([^/]+))?$/.exec(pointer);
  if (inStep === null) return [];
  const [, key] = inStep;
  return key === undefined ? allStepKeys : (keysInStep[key] ?? []);
}

const allStepKeys = [...new Set([...commonKeys, ...Object.values(keysOfKind).flat()])];
