import { expect } from "vitest";
import { treeOf } from "../../src/flows/tree/apply.ts";
import type { FlowChange, TaskChange } from "../../src/flows/tree/change.ts";
import { happeningsOf } from "../../src/flows/tree/change.ts";
import { claimTask } from "../../src/flows/tasks/claim.ts";
import { decideSignal } from "../../src/flows/signals/decide-signal.ts";
import type { FlowHappening } from "../../src/flows/event.ts";
import { createEvaluator } from "../../src/flows/expression/evaluator.ts";
import { stateOf } from "./flat-state.ts";
import type { FlowEnd, FlowRequest } from "../../src/flows/flow-run.ts";
import type { Flow } from "../../src/flows/flow.ts";
import type { JsonObject } from "../../src/flows/json.ts";
import { advance, next } from "../../src/flows/next.ts";
import { taskAt } from "../../src/flows/tree/place.ts";
import { recoverTask } from "../../src/flows/tasks/recover.ts";
import { settleTask } from "../../src/flows/tasks/settle.ts";
import type { FlowSignal, SignalReply } from "../../src/flows/signal.ts";
import type { TaskState, TaskStatus } from "../../src/flows/task.ts";
import type { FlowTree } from "../../src/flows/tree/tree.ts";
import type { Decision, StepEnd, Waiting, Work } from "../../src/flows/work.ts";
import { requestOf } from "./written-flow.ts";

/** What a worker needs besides: shared, so that expressions are compiled once. */
export const evaluator = createEvaluator();

/** A flow run whose steps are carried out by the test, in an order that it chooses. */
export class Simulation {
  tree: FlowTree;
  nowMs = 1_000_000;
  readonly used = { costUsd: 0, tokens: 0 };
  readonly happenings: FlowHappening[] = [];
  /** Looks after each change whether everything agrees; takes as long as the flow run is large. */
  readonly isChecking: boolean;
  /** What a store keeps: the last change of each task. */
  readonly #rows = new Map<string, TaskChange>();

  constructor(flow: Flow, more: Partial<FlowRequest> = {}, isChecking = true) {
    this.isChecking = isChecking;
    const request = requestOf(flow, more);
    const empty = treeOf({ request, tasks: new Map(), cancel: null, end: null });
    const { tree, changes } = next(empty, evaluator);
    this.tree = tree;
    this.#noteChanges(changes);
  }

  get end(): FlowEnd | null {
    return this.tree.end;
  }

  /** The keys of the tasks in these states, in the order of the file. */
  keys(...statuses: readonly TaskStatus[]): readonly string[] {
    const tasks = [...stateOf(this.tree).tasks.values()];
    return tasks.filter(({ status }) => statuses.includes(status)).map(({ key }) => key);
  }

  state<S extends TaskStatus>(key: string, status: S): Extract<TaskState, { status: S }> {
    const state = taskAt(this.tree, key)?.state;
    if (!isIn(state, status)) throw new Error(`${key} is ${state?.status ?? "not begun"}`);
    return state;
  }

  status(key: string): TaskStatus | null {
    return taskAt(this.tree, key)?.state.status ?? null;
  }

  work<K extends Work["kind"]>(key: string, kind: K): Extract<Work, { kind: K }> {
    const { work } = this.state(key, "ready");
    if (!isKind(work, kind)) throw new Error(`${key} is ${work.kind}`);
    return work;
  }

  claim(key: string): void {
    this.make([claimTask(this.tree, key, "worker")]);
  }

  /** The execution of a running task ends. */
  finish(key: string, end: StepEnd): void {
    const tools = { evaluator, nowMs: this.nowMs, random: 0 };
    const { changes, used } = settleTask(this.tree, key, end, tools);
    this.used.costUsd += used.costUsd;
    this.used.tokens += used.tokens;
    this.make(changes);
  }

  /** A ready task is carried out. */
  done(key: string, output: JsonObject = {}): void {
    this.claim(key);
    this.finish(key, { end: "done", output, usage: null });
  }

  fails(key: string, message = "exit code 1", isRetryable = false, output: JsonObject = {}): void {
    this.claim(key);
    const failure = { code: "command_failed", message, hint: "mend it" };
    this.finish(key, { end: "failed", failure, output, usage: null, isRetryable });
  }

  waits(key: string, waiting: Waiting): void {
    this.claim(key);
    this.finish(key, { end: "waiting", waiting });
  }

  recover(key: string): void {
    const { changes, used } = recoverTask(this.tree, key, "gone");
    this.used.costUsd += used.costUsd;
    this.used.tokens += used.tokens;
    this.make(changes);
  }

  signal(signal: FlowSignal): SignalReply {
    const { reply, changes } = decideSignal(this.tree, signal);
    this.make(changes);
    return reply;
  }

  decide(key: string, decision: Decision): SignalReply {
    return this.signal({ kind: "decide", key, decision });
  }

  make(changes: readonly (FlowChange | null)[]): void {
    const real = changes.filter((change) => change !== null);
    const advanced = advance(this.tree, real, evaluator);
    this.tree = advanced.tree;
    this.#noteChanges(advanced.changes);
  }

  #noteChanges(changes: readonly FlowChange[]): void {
    this.happenings.push(...happeningsOf(changes));
    if (!this.isChecking) return;
    for (const change of changes) {
      if (change.kind === "task") this.#rows.set(change.key, change);
    }
    const state = stateOf(this.tree);
    for (const { key, stepId, ...task } of state.tasks.values()) {
      expect(this.#rows.get(key), "a store has kept it").toMatchObject({ stepId, state: task });
    }
    expect(this.#rows.size, "a store has kept nothing else").toBe(state.tasks.size);
    expect(treeOf(state), "a store that reads it again has the same").toEqual(this.tree);
    expect(next(this.tree, evaluator).changes, "nothing more follows").toEqual([]);
  }
}

function isIn<S extends TaskStatus>(
  state: TaskState | undefined,
  status: S,
): state is Extract<TaskState, { status: S }> {
  return state?.status === status;
}

function isKind<K extends Work["kind"]>(work: Work, kind: K): work is Extract<Work, { kind: K }> {
  return work.kind === kind;
}

/** What an approve step shows in these tests. */
export const approval = {
  kind: "approval",
  message: "all right?",
  shown: null,
  digest: "d1",
  requiredApprovers: [],
} as const satisfies Waiting;

/** What an ask step asks in these tests. */
export const question = {
  kind: "question",
  question: "which?",
  options: ["red", "blue"],
  answer: "text",
  proposal: null,
} as const satisfies Waiting;

/** An approval by this person. */
export function approvedBy(by: string, digest = "d1"): Decision {
  return { kind: "approved", by, note: null, digest };
}
