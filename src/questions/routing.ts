import { confidences } from "../handoff/document.ts";
import type { Confidence } from "../handoff/document.ts";

/** Who answers what agents ask, as configured. */
export interface QuestionSettings {
  /** The agent that is asked first, or null. */
  readonly foreman: string | null;
  /** How sure the foreman must be to answer by itself. */
  readonly confidence: Confidence;
  /** Whether a person is asked when the foreman can't tell. */
  readonly otherwise: "person" | "nobody";
  /** Minutes after which an open question goes to the next in line. */
  readonly ageMinutes: number;
  /** Who hears of it then, one after the other: names of chats or people. */
  readonly escalateTo: readonly string[];
}

/** Who is told of what nobody has answered, and when. */
export type EscalationRules = Pick<QuestionSettings, "ageMinutes" | "escalateTo">;

/** What has happened with a question so far. */
export interface QuestionProgress {
  readonly askedAtMs: number;
  /** How many proposals of the foreman there are; who is sure does not propose but answers. */
  readonly proposals: number;
  /** Whether the foreman can't be asked: it failed, or it is the one who asks. */
  readonly isForemanOut: boolean;
  /** What a person said about the latest proposal and the foreman has not answered yet. */
  readonly discussion: string | null;
  /** How many of `escalateTo` have been told already. */
  readonly escalations: number;
}

/** What to do about an open question next. */
export type Route =
  | { readonly kind: "ask_foreman"; readonly discussion: string | null }
  | { readonly kind: "escalate"; readonly to: string }
  /** Nobody is left to ask. */
  | { readonly kind: "give_up" }
  /** It is with people, until the next of them is told. */
  | { readonly kind: "wait"; readonly untilMs: number | null };

/** How questions are dealt with when the config says nothing: people are asked. */
export const defaultSettings: QuestionSettings = {
  foreman: null,
  confidence: "high",
  otherwise: "person",
  ageMinutes: 30,
  escalateTo: [],
};

/** Who is to deal with an open question now. */
export function routeQuestion(
  progress: QuestionProgress,
  settings: QuestionSettings,
  nowMs: number,
): Route {
  const { proposals, discussion, isForemanOut } = progress;
  const mayAskForeman = settings.foreman !== null && !isForemanOut;
  if (mayAskForeman && (discussion !== null || proposals === 0))
    return { kind: "ask_foreman", discussion };
  if (settings.otherwise === "nobody") return { kind: "give_up" };
  return escalate(progress, settings, nowMs);
}

/** Whether somebody this sure may answer by itself. */
export function isSureEnough(confidence: Confidence, needed: Confidence): boolean {
  return confidences.indexOf(confidence) <= confidences.indexOf(needed);
}

/** How long each of the line waits until it is told, in whole milliseconds, the first first. */
export function waitsInLine({ ageMinutes, escalateTo }: EscalationRules): readonly number[] {
  return escalateTo.map((_to, index) => Math.ceil((index + 1) * ageMinutes * 60_000));
}

function escalate(
  { askedAtMs, escalations }: QuestionProgress,
  settings: QuestionSettings,
  nowMs: number,
): Route {
  const to = settings.escalateTo[escalations];
  const waitMs = waitsInLine(settings)[escalations];
  if (to === undefined || waitMs === undefined) return { kind: "wait", untilMs: null };
  const dueAtMs = askedAtMs + waitMs;
  return nowMs >= dueAtMs ? { kind: "escalate", to } : { kind: "wait", untilMs: dueAtMs };
}
