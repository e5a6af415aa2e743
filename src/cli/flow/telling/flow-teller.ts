import { once } from "node:events";
import { setImmediate as letOthersGoFirst } from "node:timers/promises";
import { remark } from "../../terminal/remark.ts";
import type { Config } from "../../../config/config.ts";
import type { FlowStore } from "../../../flows/store.ts";
import { openFlowStore } from "../../../flows/store/open-flow-store.ts";
import { messageOf } from "../../../thrown.ts";
import type { ProcessLock } from "../../../system/process-lock.ts";
import { Alarm } from "../../../telegram/alarm.ts";
import type { FlowReport } from "../../../telegram/flow/flow-report.ts";
import type { TelegramSettings } from "../../../telegram/settings.ts";
import { Troubles } from "../../../telegram/troubles.ts";
import { plainLine } from "../../../text/plain.ts";
import type { Shell } from "../../shell.ts";
import { withoutWarnings } from "../../telling/without-warnings.ts";
import { openFlowReports } from "./open-flow-reports.ts";
import type { FlowReports } from "./open-flow-reports.ts";
import type { ToldFlows } from "./told-flows.ts";

/** How often to look whether there is something to tell, or nobody who does. */
const CALM_MS = 1_000;

/** After so many pauses in which nothing was heard, all is looked at nevertheless. */
const MOST_CALM_PAUSES = 5;

/** How long to leave the store alone after a look at it: as long as it took, within these bounds. */
const LEAST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** How often to look whether another process has left, while this one waits to leave. */
const LOCK_MS = 100;

/** How long the last may take to arrive: the end, or that nobody goes on; and what the next process can say as well. */
const END_MS = 5_000;
const HAND_OVER_MS = 1_000;

/** What telling of flow runs needs. */
export interface FlowTellerTools {
  /** The flow run that this process carries on, or null for all. */
  readonly flowRunId: string | null;
  readonly settings: TelegramSettings;
  readonly told: ToldFlows;
  readonly config: Config;
  readonly shell: Shell;
}

/**
 * Tells of all flow runs of a config that are told of, for as long as no other process on this machine does. It looks
 * at them through a store of its own: whatever becomes of Telegram, nobody who carries out steps waits for it.
 */
export class FlowTeller {
  readonly #tools: FlowTellerTools;
  readonly #troubles: Troubles;
  readonly #reports: FlowReports;
  readonly #open = new Map<string, FlowReport>();
  readonly #alarm = new Alarm();
  readonly #closing = new AbortController();
  #lock: ProcessLock | null = null;
  #store: FlowStore | null = null;
  #work: Promise<void> | null = null;

  constructor(tools: FlowTellerTools) {
    this.#tools = tools;
    const { settings, told, shell } = tools;
    const warn = (message: string): void => {
      remark(message, shell);
      told.note(plainLine(message), shell.clock);
    };
    this.#troubles = new Troubles(warn, settings.token);
    this.#reports = openFlowReports(tools, this.#troubles, () => this.#store);
  }

  start(): void {
    this.#work ??= this.#tell();
  }

  /** Lets the rest be told, for a few seconds at most; what goes on is told of by another process then. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#alarm.ring();
    await this.#work;
    try {
      if (await this.#isNeeded()) await this.#tellLast();
    } catch (error) {
      this.#say(error);
    }
    await this.#reports.close();
    this.#lock?.release();
    await this.#store?.close();
  }

  /** Whether it is up to this process to tell what there is left; who tells now may leave without having seen our end. */
  async #isNeeded(): Promise<boolean> {
    const { told, flowRunId, shell } = this.#tools;
    if (told.list().length === 0) return false;
    const isUrgent = flowRunId !== null && (await this.#hasEnded(flowRunId));
    const untilMs = shell.clock.nowMs() + END_MS;
    while (!(await this.#isTeller())) {
      const isPatient = isUrgent && told.isOpen(flowRunId) && shell.clock.nowMs() < untilMs;
      if (!isPatient || shell.signal.aborted) return false;
      await this.#alarm.sleep(LOCK_MS);
    }
    return true;
  }

  async #hasEnded(flowRunId: string): Promise<boolean> {
    const state = await (await this.#openStore())?.read(flowRunId);
    return state?.ok === true && state.value !== null && state.value.end !== null;
  }

  async #tell(): Promise<void> {
    const { told } = this.#tools;
    let calmPauses = 0;
    while (!this.#closing.signal.aborted) {
      try {
        if (told.list().length === 0 || !(await this.#isTeller())) await this.#alarm.sleep(CALM_MS);
        else {
          const beganAtMs = performance.now();
          await this.#look(calmPauses % MOST_CALM_PAUSES === 0);
          const hasHeard = await this.#pause(performance.now() - beganAtMs);
          calmPauses = hasHeard ? 0 : calmPauses + 1;
        }
      } catch (error) {
        this.#say(error);
        await this.#alarm.sleep(CALM_MS);
      }
    }
  }

  /** Whether this is the one process that tells; if nobody is, it becomes the one. */
  async #isTeller(): Promise<boolean> {
    if (this.#lock !== null) return true;
    const { takeProcessLock } = await withoutWarnings(
      () => import("../../../system/process-lock.ts"),
    );
    this.#lock = takeProcessLock(this.#tools.told.lock);
    return this.#lock !== null;
  }

  /** Takes in what has happened: in all that are told of, or only in those of which nothing has to be heard for that. */
  async #look(isWhole: boolean): Promise<void> {
    const store = await this.#openStore();
    if (store === null) return;
    for (const flowRunId of this.#tools.told.list()) {
      if (!isWhole && this.#open.get(flowRunId)?.hasEnded === false) continue;
      await this.#lookAt(flowRunId, store);
      await letOthersGoFirst();
    }
  }

  async #openStore(): Promise<FlowStore | null> {
    if (this.#store !== null) return this.#store;
    const { config, shell } = this.#tools;
    const opened = await openFlowStore(config, shell.env);
    if (opened.ok) this.#store = opened.value;
    else this.#troubles.say(opened.failure.message);
    return this.#store;
  }

  async #lookAt(flowRunId: string, store: FlowStore): Promise<void> {
    const known = this.#open.get(flowRunId);
    const events = await store.events(flowRunId, known?.lastSeq ?? 0);
    if (!events.ok) return this.#troubles.say(events.failure.message);
    if (known?.isToldToItsEnd === true && events.value.length === 0)
      return this.#forget(flowRunId, known, store);
    if (known !== undefined && events.value.length === 0) return known.seeQuestions();
    if (known?.see(events.value) === false) return;
    const state = await store.read(flowRunId);
    if (!state.ok) return this.#troubles.say(state.failure.message);
    if (state.value === null) return this.#tools.told.remove(flowRunId);
    const report = known ?? this.#reports.open(state.value.request);
    if (known === undefined) report.see(events.value);
    this.#open.set(flowRunId, report);
    report.seeState(state.value);
  }

  /** Nothing more is told of it, unless somebody has had a step done again in this very moment. */
  async #forget(flowRunId: string, { lastSeq }: FlowReport, store: FlowStore): Promise<void> {
    const { told } = this.#tools;
    told.remove(flowRunId);
    this.#open.delete(flowRunId);
    const events = await store.events(flowRunId, lastSeq);
    if (!events.ok || events.value.length > 0) told.reopen(flowRunId);
  }

  /** Until something may have changed, at most for a moment; the value is whether it was heard. */
  async #pause(lookedMs: number): Promise<boolean> {
    await this.#alarm.sleep(Math.min(LONGEST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, lookedMs)));
    const isOver = AbortSignal.timeout(CALM_MS);
    if (this.#store === null) await this.#alarm.sleep(CALM_MS);
    else await this.#store.changed(AbortSignal.any([this.#closing.signal, isOver]));
    return !isOver.aborted;
  }

  async #tellLast(): Promise<void> {
    const { shell, flowRunId } = this.#tools;
    await this.#look(true);
    const left = [...this.#open]
      .filter(([id, { hasEnded }]) => !hasEnded && (flowRunId === null || id === flowRunId))
      .map(([, report]) => report);
    const areAlone = left.length > 0 && !(await this.#hasWorker(flowRunId));
    if (areAlone) for (const report of left) report.seeCarrier(false);
    const rest = Promise.all(
      [...this.#open.values()].map((report) => {
        const isLastWord = report.hasEnded || (areAlone && left.includes(report));
        return report.close(isLastWord ? END_MS : HAND_OVER_MS, !report.hasEnded);
      }),
    );
    await Promise.race([rest, ...(shell.signal.aborted ? [] : [once(shell.signal, "abort")])]);
    const store = this.#store;
    if (store === null) return;
    for (const [id, report] of this.#open)
      if (report.isToldToItsEnd) await this.#forget(id, report, store);
  }

  async #hasWorker(flowRunId: string | null): Promise<boolean> {
    const has = await this.#store?.hasWorker(flowRunId);
    return has?.ok === true && has.value;
  }

  #say(error: unknown): void {
    this.#troubles.say(messageOf(error));
  }
}
