import type { Json } from "./json.ts";

/** What a text with `${{ … }}` in it is before its expressions have values. */
export type Template = string;
/** An expression of the Common Expression Language, without `${{ }}` around it. */
export type Expression = string;

/** A flow, checked and whole: nothing in it points to another file, so that a run can keep it as its own copy. */
export interface Flow {
  readonly schema: "delegate.flow.v1";
  readonly name: string;
  readonly description: string;
  readonly category: string | null;
  /** JSON Schema (2020-12) of the inputs, or null when there are none. */
  readonly inputs: Json;
  /** The agent of each role, unless the start names another. */
  readonly agents: Readonly<Record<string, string>>;
  /** The texts of the personas that steps name, by name. */
  readonly personas: Readonly<Record<string, string>>;
  readonly budget: Budget | null;
  /** In the order of the file. */
  readonly steps: readonly Step[];
  /** Markdown with expressions, or null. */
  readonly report: Template | null;
}

/** Money (US dollars) and tokens; null is not counted. */
export interface Cost {
  readonly costUsd: number | null;
  readonly tokens: number | null;
}

/** The most that all agent steps of a flow run may use together. */
export interface Budget extends Cost {
  /** How usage counts that an agent does not state: as nothing, as what was reserved, or as a failure of its step. */
  readonly unknown: "free" | "reserved" | "fail";
  /** What is held back for a step that does not say it itself. */
  readonly reserve: Cost;
}

/** What every step has. */
export interface StepCommon {
  /** `[a-z][a-z0-9-]*`, unique in its file. */
  readonly id: string;
  /** Steps of the same scope that must be settled before. */
  readonly needs: readonly string[];
  /** The step is skipped when this is not true; without it, it is skipped when one of its needs was. */
  readonly when: Expression | null;
  readonly onFailure: "fail" | "continue" | "next-iteration";
  readonly retry: StepRetry;
  /** Values under names of their own, from the step's own output (`output`) and everything it may see. */
  readonly outputs: Readonly<Record<string, Expression>>;
}

/** How often a failed step is begun again. */
export interface StepRetry {
  /** In all, from 1. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/** What is done when a step's worker died in the middle of it: begun again, or somebody decides. */
export type Recovery = "rerun" | "ask";

/** A step that a worker carries out. */
interface Carried extends StepCommon {
  readonly timeoutMs: number | null;
  readonly recovery: Recovery;
  /** The name of a limit that counts it with others, or null. */
  readonly group: string | null;
}

export interface AgentStep extends Carried {
  readonly kind: "agent";
  /** A role of `agents`. */
  readonly agent: string;
  readonly task: Template;
  /** The name of a persona, or null. */
  readonly persona: Template | null;
  /** `plan`: the agent can only read, and nothing lifts that. `write`: as the agent is configured. */
  readonly mode: "write" | "plan";
  /** JSON Schema for the handoff's `data`, or null. */
  readonly dataSchema: Json;
  /** Attempts of the run itself, 1 to 3; null is the config's. */
  readonly attempts: number | null;
  readonly idleTimeoutMs: number | null;
  readonly reserve: Cost | null;
}

export interface RunStep extends Carried {
  readonly kind: "run";
  /** A line for `/bin/sh`, or a program and its arguments. Values reach a shell line only as variables. */
  readonly command: Template | readonly Template[];
  /** Relative to the flow run's folder. */
  readonly cwd: Template | null;
  readonly env: Readonly<Record<string, Template>>;
  /** What it reads; without it nothing. */
  readonly stdin?: Template;
}

export interface ApproveStep extends Carried {
  readonly kind: "approve";
  readonly message: Template;
  /** A command whose output is shown and approved with it, or null. */
  readonly show: Template | null;
  /** Only these, and never the author; empty: anybody but the agents of the flow. */
  readonly requiredApprovers: readonly string[];
}

export interface AskStep extends Carried {
  readonly kind: "ask";
  readonly question: Template;
  readonly options: readonly Template[];
  readonly answer: "text" | "number" | "boolean" | "option";
  /** The role that is asked first, or null for a person. */
  readonly foreman: string | null;
}

/** The most iterations that a loop can have, whatever its file or its inputs say. */
export const MOST_ITERATIONS = 1000;

export interface LoopStep extends StepCommon {
  readonly kind: "loop";
  /** The most iterations, or an expression for it that gets its value when the loop begins. */
  readonly max: number | Expression;
  /** Looked at when an iteration is over. */
  readonly until: Expression;
  readonly steps: readonly Step[];
}

export interface ForEachStep extends StepCommon {
  readonly kind: "for-each";
  /** A list. */
  readonly items: Expression;
  /** What an item is called in expressions. */
  readonly as: string;
  /** How many at once; null: all. */
  readonly limit: number | null;
  /** A number for each item: equal ones go together, a smaller one goes first. */
  readonly order: Expression | null;
  readonly steps: readonly Step[];
}

export interface SubflowStep extends StepCommon {
  readonly kind: "flow";
  readonly inputs: Readonly<Record<string, Template>>;
  readonly flow: Flow;
}

export type Step =
  | AgentStep
  | RunStep
  | ApproveStep
  | AskStep
  | LoopStep
  | ForEachStep
  | SubflowStep;

/** A step that holds others. */
export type Container = LoopStep | ForEachStep | SubflowStep;
/** A step that a worker carries out itself. */
export type WorkStep = Exclude<Step, Container>;
