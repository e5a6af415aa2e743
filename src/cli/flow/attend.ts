import { pause } from "../../system/pause.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { FlowEvent } from "../../flows/event.ts";
import type { FlowEnd, FlowRequest, FlowState } from "../../flows/flow-run.ts";
import type { WorkEnd } from "../../flows/store.ts";
import type { FlowView } from "../../flows/view/view.ts";
import { applyToView, unseenFlow } from "../../flows/view/view.ts";
import { describeFlowEvent } from "../../flows/view/wording.ts";
import { defaultSettings } from "../../questions/routing.ts";
import type { Execute } from "../../flows/work.ts";
import { Leave } from "../../run/leave.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";
import { askingLines } from "./asking-lines.ts";
import { EscalationWatch } from "./escalation-watch.ts";
import { executeWith } from "./execute.ts";
import { readKnownFlow } from "./known-flow.ts";
import type { Narrator } from "./narrator.ts";
import type { Flows } from "./open-flows.ts";
import { peopleWanted } from "./people-wanted.ts";
import type { AnswerlessStep } from "./resume-answered.ts";
import { answerlessSteps, resumeAnswered } from "./resume-answered.ts";

/** How a process stays with a flow run. */
export interface AttendPlan {
  readonly request: FlowRequest;
  /** Whether it carries out steps in any case, only when there is no worker, or not at all. */
  readonly works: "always" | "alone" | "never";
  /** How long it stays at most, in milliseconds; null: until the end. */
  readonly patienceMs: number | null;
  readonly isQuiet: boolean;
}

/** Why it does not stay any longer. */
export type AttendEnd =
  | {
      readonly kind: "ended";
      readonly state: FlowState;
      readonly end: FlowEnd;
      readonly endedAtMs: number;
    }
  /** Its reason is a `Leave`. */
  | { readonly kind: "left"; readonly signal: AbortSignal };

/** Carrying out steps in this process. */
interface Work {
  readonly end: Promise<Result<WorkEnd>>;
  /** Fires when it is over. */
  readonly over: AbortSignal;
}

/** After a change it waits so long for what comes with it: reading all that goes on would take the worker's time. */
const GATHER_MS = 20;
/** Between two questions whether there is a worker. */
const WORKER_LOOK_MS = 2_000;

/** Stays with a flow run until its end, tells how it goes, and carries out its steps where nobody else does. */
export async function attend(
  plan: AttendPlan,
  flows: Flows,
  narrator: Narrator,
  shell: Shell,
): Promise<Result<AttendEnd>> {
  const patience = new AbortController();
  const timer =
    plan.patienceMs === null
      ? null
      : setTimeout(() => patience.abort(new Leave("wait_over")), plan.patienceMs);
  const leaving = AbortSignal.any([shell.signal, patience.signal]);
  const attendant = new Attendant(plan, flows, narrator, shell, leaving);
  const escalations = escalationsOf(plan, flows, narrator, shell);
  try {
    return await attendant.stay();
  } finally {
    await escalations?.close();
    if (timer !== null) clearTimeout(timer);
    narrator.close();
  }
}

/** Whoever carries out no steps leaves that to others, too. */
function escalationsOf(
  { request, works, isQuiet }: AttendPlan,
  flows: Flows,
  narrator: Narrator,
  shell: Shell,
): EscalationWatch | null {
  if (works === "never") return null;
  const say = (line: string): void => {
    if (!isQuiet) narrator.say([`delegate: ${line}`]);
  };
  return new EscalationWatch({ flows, shell, only: request.flowRunId, say });
}

class Attendant {
  readonly #plan: AttendPlan;
  readonly #flows: Flows;
  readonly #narrator: Narrator;
  readonly #shell: Shell;
  readonly #leaving: AbortSignal;
  readonly #execute: Execute;
  #view: FlowView = unseenFlow;
  #work: Work | null = null;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** What was asked of people already, by step and by its title. */
  readonly #asked = new Map<string, string>();
  /** The steps that wait for answers to their agents. */
  #answerless: readonly AnswerlessStep[] = [];

  constructor(
    plan: AttendPlan,
    flows: Flows,
    narrator: Narrator,
    shell: Shell,
    leaving: AbortSignal,
  ) {
    this.#plan = plan;
    this.#flows = flows;
    this.#narrator = narrator;
    this.#shell = shell;
    this.#leaving = leaving;
    this.#execute = executeWith(flows.config, shell);
  }

  async stay(): Promise<Result<AttendEnd>> {
    for (;;) {
      const looked = await this.#look();
      if (looked !== null) {
        await this.#work?.end;
        return looked;
      }
      await this.#pause();
      const failed = await this.#seeToWork();
      if (failed !== null) return failure(failed);
    }
  }

  /** What there is to see now, and whether that is the end. */
  async #look(): Promise<Result<AttendEnd> | null> {
    const { store } = this.#flows;
    const { flowRunId } = this.#plan.request;
    const events = await store.events(flowRunId, this.#view.lastSeq);
    if (!events.ok) return events;
    this.#view = applyToView(this.#view, events.value);
    this.#narrator.show(events.value, this.#view);
    this.#tellEscalated(events.value);
    if (this.#view.end !== null) return this.#finish();
    if (this.#leaving.aborted) return success({ kind: "left", signal: this.#leaving });
    if (events.value.some(isAboutPeople)) {
      const asked = await this.#ask();
      if (asked !== null) return failure(asked);
    }
    this.#answerless = await resumeAnswered(flowRunId, this.#answerless, this.#flows);
    await this.#takeUpWork();
    return null;
  }

  /** What was decided since is nobody's concern any more. */
  #tellEscalated(events: readonly FlowEvent[]): void {
    if (this.#plan.isQuiet) return;
    for (const event of events)
      if (event.type === "step_escalated" && this.#view.steps.get(event.key)?.phase === "waiting")
        this.#narrator.say([`delegate: ${plainLine(describeFlowEvent(event))}`]);
  }

  /** Somebody may have had a step done again in the meantime: then it goes on. */
  async #finish(): Promise<Result<AttendEnd> | null> {
    const state = await readKnownFlow(this.#flows.store, this.#plan.request.flowRunId);
    if (!state.ok) return state;
    const { end } = state.value;
    if (end === null || this.#view.end === null) return null;
    const endedAtMs = this.#view.end.atMs;
    return success({ kind: "ended", state: state.value, end, endedAtMs });
  }

  /** Tells, once each, what people are wanted for. */
  async #ask(): Promise<Failure | null> {
    const { flowRunId } = this.#plan.request;
    const state = await readKnownFlow(this.#flows.store, flowRunId);
    if (!state.ok) return state.failure;
    this.#answerless = answerlessSteps(state.value);
    for (const { key, asking } of peopleWanted(state.value, this.#flows.config.handoffDir)) {
      // One step may ask several things side by side.
      const what = `${key} ${asking.title}`;
      const said = JSON.stringify(asking);
      if (!this.#plan.isQuiet && this.#asked.get(what) !== said)
        this.#narrator.say(askingLines(asking, flowRunId));
      this.#asked.set(what, said);
    }
    return null;
  }

  async #takeUpWork(): Promise<void> {
    if (this.#work !== null || this.#plan.works === "never") return;
    if (this.#plan.works === "alone" && !(await this.#isAlone())) return;
    if (this.#plan.works === "alone" && !this.#plan.isQuiet)
      this.#narrator.say(["delegate: no worker is there, so this process carries the flow on"]);
    const over = new AbortController();
    const end = this.#flows.store
      .work(this.#execute, {
        signal: this.#leaving,
        only: this.#plan.request.flowRunId,
        limits: this.#flows.config.flows.limits,
        idleMs: null,
        warn: (message) => this.#narrator.say([`delegate: ${plainLine(message)}`]),
        // The events say of whom, whichever process it was.
        escalation: {
          rules: this.#flows.config.questions ?? defaultSettings,
          tell: () => undefined,
        },
      })
      .finally(() => over.abort());
    // Whatever becomes of it is looked at when it is over.
    end.catch(() => undefined);
    this.#work = { end, over: over.signal };
  }

  /** Why this process can't carry out steps any more, or null. */
  async #seeToWork(): Promise<Failure | null> {
    if (this.#work?.over.aborted !== true) return null;
    const end = await this.#work.end;
    // What had ended goes on when somebody has a step done again.
    this.#work = null;
    if (!end.ok) return end.failure;
    const state = await readKnownFlow(this.#flows.store, this.#plan.request.flowRunId);
    return state.ok ? null : state.failure;
  }

  async #isAlone(): Promise<boolean> {
    const nowMs = this.#shell.clock.nowMs();
    if (nowMs - this.#lookedAtMs < WORKER_LOOK_MS) return false;
    this.#lookedAtMs = nowMs;
    const hasWorker = await this.#flows.store.hasWorker(this.#plan.request.flowRunId);
    return hasWorker.ok && !hasWorker.value;
  }

  /** Until something may have changed, or it is time to show what has become of time. */
  async #pause(): Promise<void> {
    const tick = AbortSignal.timeout(this.#narrator.paceMs);
    const reasons = [this.#leaving, tick, ...(this.#work === null ? [] : [this.#work.over])];
    const end = AbortSignal.any(reasons);
    await this.#flows.store.changed(end);
    await pause(GATHER_MS, end);
  }
}

/** An agent that asks while it is at work says so as it says how far it is. */
function isAboutPeople({ type }: FlowEvent): boolean {
  return type === "step_waiting" || type === "step_recovered" || type === "step_progress";
}
