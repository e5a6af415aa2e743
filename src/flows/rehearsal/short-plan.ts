import { oneLine } from "../../text/one-line.ts";
import { unreachable } from "../../unreachable.ts";
import type { JsonObject } from "../json.ts";
import type { Work } from "../work.ts";
import type { PlannedStep, PlannedWave } from "./plan-flow.ts";
import type { RehearsedOutcome, RehearsedStep } from "./rehearse.ts";

/** A planned step in a few words, for whoever has little room; what is as usual is left out. */
export interface ShortStep {
  readonly id: string;
  readonly kind: PlannedStep["kind"];
  readonly needs?: readonly string[];
  readonly when?: string;
  readonly onFailure?: PlannedStep["onFailure"];
  readonly agent?: string;
  readonly role?: string;
  readonly mode?: "plan";
  readonly timeoutMs?: number;
  readonly requiredApprovers?: readonly string[];
  /** The beginning of its command, or of what it asks. */
  readonly what?: string;
  readonly repeats?: string;
  readonly inside?: readonly (readonly ShortStep[])[];
}

/** A plan without whole prompts, commands and values. */
export function shortWaves(waves: readonly PlannedWave[]): readonly (readonly ShortStep[])[] {
  return waves.map((wave) => wave.map(shortStep));
}

function shortStep({ id, kind, needs, when, onFailure, role, work, ...more }: PlannedStep) {
  const { repeats, inside } = more;
  const short: ShortStep = {
    id,
    kind,
    ...(needs.length === 0 ? {} : { needs }),
    ...(when === null ? {} : { when: beginningOf(when) }),
    ...(onFailure === "fail" ? {} : { onFailure }),
    ...(role === null ? {} : { role }),
    ...(work === null ? {} : shortWork(work)),
    ...(repeats === null ? {} : { repeats: beginningOf(repeats) }),
    ...(inside.length === 0 ? {} : { inside: shortWaves(inside) }),
  };
  return short;
}

function shortWork(work: Work): Partial<ShortStep> {
  const { timeoutMs } = work;
  return { ...shortKind(work), ...(timeoutMs === null ? {} : { timeoutMs }) };
}

function shortKind(work: Work): Partial<ShortStep> {
  switch (work.kind) {
    case "agent":
      return { agent: work.agent, ...(work.mode === "plan" ? { mode: work.mode } : {}) };
    case "run": {
      const { command } = work;
      return { what: beginningOf(typeof command === "string" ? command : command.join(" ")) };
    }
    case "approve": {
      const { message, requiredApprovers } = work;
      const who = requiredApprovers.length === 0 ? {} : { requiredApprovers };
      return { what: beginningOf(message), ...who };
    }
    case "ask":
      return {
        what: beginningOf(work.question),
        ...(work.foreman === null ? {} : { agent: work.foreman }),
      };
    default:
      return unreachable(work);
  }
}

/** How a step went in a rehearsal, in a few words. */
export interface ShortRehearsedStep {
  readonly key: string;
  readonly attempt?: number;
  readonly outcome: RehearsedOutcome["kind"];
  readonly why?: string;
  readonly isRetried?: true;
  readonly isStubbed?: true;
}

/** What became of a step, without what it would do and what it came to. */
export function shortRehearsed({
  key,
  attempt,
  outcome,
  isStubbed,
}: RehearsedStep): ShortRehearsedStep {
  return {
    key,
    ...(attempt > 1 ? { attempt } : {}),
    outcome: outcome.kind,
    ...(outcome.kind === "failed" ? { why: beginningOf(outcome.failure.message) } : {}),
    ...(outcome.kind === "failed" && outcome.isRetried ? { isRetried: true } : {}),
    ...(outcome.kind === "skipped" ? { why: beginningOf(outcome.because) } : {}),
    ...(isStubbed ? { isStubbed: true } : {}),
  };
}

/** Inputs of which the long ones are only begun. */
export function shortInputs(inputs: JsonObject): JsonObject {
  const short = Object.entries(inputs).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return [name, text.length > MOST_LETTERS ? beginningOf(text) : value] as const;
  });
  return Object.fromEntries(short);
}

const MOST_LETTERS = 80;

function beginningOf(text: string): string {
  return oneLine(text, MOST_LETTERS);
}
