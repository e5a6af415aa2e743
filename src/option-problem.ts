import { LONGEST_ASKED_SECONDS } from "./clock.ts";
import type { Failure } from "./failure.ts";
import { isFields } from "./json/fields.ts";
import type { DelegateOptions, WaitOptions } from "./library-options.ts";
import { nearest } from "./text/nearest.ts";

/* Programs get options wrong that a compiler never sees: they are computed, or written in JavaScript. */

/** What an option may be. */
interface Kind {
  readonly fits: (value: unknown) => boolean;
  /** Behind "the option x". */
  readonly wrong: string;
  readonly hint: string;
  /** Whether the value itself tells something, and has no secrets. */
  readonly isShown?: boolean;
}

const needed: Kind = {
  fits: (value) => typeof value === "string",
  wrong: "is not a text",
  hint: "give a string",
};

const text: Kind = { ...needed, fits: (value) => value === null || needed.fits(value) };

const seconds: Kind = {
  fits: (value) => typeof value === "number" && value > 0 && value <= LONGEST_ASKED_SECONDS,
  wrong: "is not a number of seconds",
  hint: `give a number above 0, at most ${LONGEST_ASKED_SECONDS}`,
  isShown: true,
};

const attempts: Kind = {
  fits: (value) => Number.isInteger(value) && Number(value) >= 1,
  wrong: "is not a number of attempts",
  hint: "give 1, 2 or 3",
  isShown: true,
};

const flag: Kind = {
  fits: (value) => typeof value === "boolean",
  wrong: "is neither true nor false",
  hint: "give true or false",
};

const listener: Kind = {
  fits: (value) => typeof value === "function",
  wrong: "is not a function",
  hint: "give a function, or leave it out",
};

const signal: Kind = {
  fits: (value) => value instanceof AbortSignal,
  wrong: "is not an AbortSignal",
  hint: "give the signal of an AbortController",
};

const context: Kind = {
  fits: (value) => Array.isArray(value) && value.every(isContext),
  wrong: "is not a list of texts",
  hint: "give [{ name, text }]",
};

const anything: Kind = { fits: () => true, wrong: "", hint: "" };

/** A word that is not understood must not come to mean that everything is allowed. */
function oneOf(first: string, second: string, hint: string): Kind {
  return {
    fits: (value) => value === first || value === second,
    wrong: `is neither ${first} nor ${second}`,
    hint,
    isShown: true,
  };
}

const common = {
  config: text,
  signal,
  onQuestion: oneOf("exit", "wait", 'give "wait" to stay until the questions are answered'),
  onEvent: listener,
  onWarning: listener,
} as const;

const delegateKinds = {
  agent: needed,
  task: needed,
  context,
  wait: flag,
  timeoutSeconds: seconds,
  deadlineSeconds: seconds,
  idleTimeoutSeconds: seconds,
  attempts,
  runId: text,
  caller: text,
  parentRunId: text,
  workflowRunId: text,
  stepId: text,
  mode: oneOf("plan", "write", 'give "plan" for an agent that can only read'),
  schema: anything,
  validate: flag,
  deliver: flag,
  checkHealth: flag,
  ...common,
} as const satisfies Record<keyof DelegateOptions, Kind>;

const waitKinds = { runId: needed, ...common } as const satisfies Record<keyof WaitOptions, Kind>;

/** What is wrong with the options of `delegate`, or null. */
export function findDelegateProblem(options: unknown): Failure | null {
  return findProblem(options, delegateKinds);
}

/** What is wrong with the options of `awaitRun`, or null. */
export function findWaitProblem(options: unknown): Failure | null {
  return findProblem(options, waitKinds);
}

function findProblem(options: unknown, kinds: Readonly<Record<string, Kind>>): Failure | null {
  if (!isFields(options))
    return usage("the options are not an object", `give { ${neededOf(kinds).join(", ")} }`);
  const given = new Map<string, unknown>(Object.entries(options));
  for (const name of given.keys())
    if (!Object.hasOwn(kinds, name)) return unknownOption(name, Object.keys(kinds));
  for (const [name, kind] of Object.entries(kinds)) {
    const value = given.get(name);
    const isLeftOut = value === undefined && kind !== needed;
    if (!isLeftOut && !kind.fits(value)) return misused(name, kind, value);
  }
  return null;
}

/** What the command calls otherwise. */
const commandWords = new Map([["retries", "attempts"]]);

function neededOf(kinds: Readonly<Record<string, Kind>>): readonly string[] {
  return Object.keys(kinds).filter((name) => kinds[name] === needed);
}

function unknownOption(name: string, known: readonly string[]): Failure {
  const meant =
    commandWords.get(name) ??
    nearest(name, known) ??
    known.find((one) => one.startsWith(name)) ??
    null;
  const hint = meant === null ? `the options are ${known.join(", ")}` : `did you mean ${meant}?`;
  return usage(`there is no option ${name}`, hint);
}

function misused(name: string, { wrong, hint, isShown }: Kind, value: unknown): Failure {
  return usage(`the option ${name} ${wrong}${isShown === true ? `: ${shown(value)}` : ""}`, hint);
}

function shown(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : typeof value;
}

function isContext(part: unknown): boolean {
  return isFields(part) && typeof part["name"] === "string" && typeof part["text"] === "string";
}

function usage(message: string, hint: string): Failure {
  return { code: "usage", message, hint };
}
