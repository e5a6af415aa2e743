import type { StepPhase } from "../../flows/view/view.ts";
import { escapeLine } from "../html.ts";
import { spellTime } from "../../text/time-span.ts";
import type { ActiveSteps } from "./active-steps.ts";
import { activeSteps } from "./active-steps.ts";
import { endingLine, subjectLine } from "./flow-lines.ts";
import type { FlowProgress } from "./flow-progress.ts";

/** More groups of steps than these are only counted. */
const MOST_GROUPS = 3;

/** What the message says about a flow run as it stands; worked out once, for it is asked for at several instants. */
export interface FlowPicture {
  readonly progress: FlowProgress;
  readonly running: readonly ActiveSteps[];
  readonly waiting: readonly ActiveSteps[];
  readonly retrying: readonly ActiveSteps[];
  readonly next: readonly ActiveSteps[];
}

/** The picture of a flow run. */
export function flowPicture(progress: FlowProgress): FlowPicture {
  const { request, view } = progress;
  const inPhase = (...phases: readonly StepPhase[]): readonly ActiveSteps[] =>
    activeSteps(request.flow, view, (phase) => phases.includes(phase));
  return {
    progress,
    running: inPhase("running"),
    waiting: inPhase("waiting", "undecided"),
    retrying: inPhase("retrying"),
    next: inPhase("ready"),
  };
}

/** Whether the message changes by time alone. */
export function isTicking({ progress, running }: FlowPicture): boolean {
  return progress.view.end === null && running.length > 0 && progress.isCarriedOn;
}

/** The one message that shows a flow run, as Telegram's HTML. */
export function flowStatusText(picture: FlowPicture, nowMs: number): string {
  const { request } = picture.progress;
  return [
    headline(picture, nowMs),
    subjectLine(picture.progress),
    ...details(picture),
    `<code>${escapeLine(request.flowRunId, 200)}</code>`,
  ].join("\n");
}

function headline(picture: FlowPicture, nowMs: number): string {
  const { progress, running, waiting, retrying, next } = picture;
  if (progress.view.end !== null) return endingLine(progress);
  const name = escapeLine(progress.request.flowRunId, 130);
  if (running.length > 0) {
    const sinceMs = Math.min(...running.map((group) => group.sinceMs));
    return `🔧 ${name}: ${named(running)}, ${spellTime(nowMs - sinceMs)} …`;
  }
  if (waiting.length > 0) return `❓ ${name}: ${named(waiting)} ${waits(waiting)}`;
  if (retrying.length > 0) return `🔧 ${name}: ${named(retrying)}, trying again …`;
  return next.length > 0 ? `🔧 ${name}: ${named(next)} is next …` : `🔧 ${name}: starting …`;
}

function waits(groups: readonly ActiveSteps[]): string {
  const [first] = groups;
  return groups.length === 1 && first?.count === 1 ? "waits for you" : "wait for you";
}

function named(groups: readonly ActiveSteps[]): string {
  const names = groups.slice(0, MOST_GROUPS).map(({ name, place, count }, index) => {
    // Side by side they are mostly in the same iteration, which need not be said twice.
    const isLast = groups[index + 1]?.place !== place || index + 1 === MOST_GROUPS;
    const where = place === "" || !isLast ? "" : `, ${place}`;
    return `${count > 1 ? `${count} × ` : ""}${escapeLine(name, 60)}${where}`;
  });
  const more = groups.length - MOST_GROUPS;
  return more > 0 ? `${names.join(" + ")} + ${more} more` : names.join(" + ");
}

function details({ progress, running, waiting, retrying }: FlowPicture): readonly string[] {
  if (progress.view.end !== null) return [];
  const said = [...running, ...retrying].filter(({ words }) => words.trim() !== "").slice(0, 3);
  return [
    ...said.map(({ words }) => `“${escapeLine(words, 400)}”`),
    ...(running.length > 0 && waiting.length > 0 ? [`❓ ${named(waiting)} ${waits(waiting)}`] : []),
    ...(progress.isCarriedOn ? [] : [notCarriedOn(progress)]),
  ];
}

function notCarriedOn({ request }: FlowProgress): string {
  const id = escapeLine(request.flowRunId, 130);
  return `Nobody goes on with it now: <code>delegate flow wait ${id}</code>`;
}
