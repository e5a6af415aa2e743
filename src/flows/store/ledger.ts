import { treeOf } from "../tree/apply.ts";
import { noAmount, sumOf } from "../tasks/budget.ts";
import type { Amount } from "../tasks/budget.ts";
import type { FlowChange, TaskChange } from "../tree/change.ts";
import { happeningsOf } from "../tree/change.ts";
import { decideSignal } from "../signals/decide-signal.ts";
import type { Evaluator } from "../evaluator.ts";
import type { FlowHappening } from "../event.ts";
import type { FlowRequest } from "../flow-run.ts";
import { advance, next } from "../next.ts";
import type { Settled } from "../tasks/settle.ts";
import type { FlowSignal, SignalReply } from "../signal.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree } from "../tree/tree.ts";
import type { FlowCopies, FlowCopy } from "./flow-copies.ts";

/** Who has taken up a task, and what its flow run's budget holds back for it, if anything does. */
export interface Claim {
  readonly worker: number;
  readonly held: Amount | null;
}

/** What has become of a flow run in one transaction. */
export interface Writing {
  /** As it is now. */
  readonly tree: FlowTree;
  readonly used: Amount;
  /** The tasks that stand in another way. */
  readonly keys: ReadonlySet<TaskKey>;
  readonly claims: ReadonlyMap<TaskKey, Claim>;
  readonly happenings: readonly FlowHappening[];
}

/** Where a ledger has its flow runs from, and who writes them down. */
export interface FlowKeeper {
  /** As it is now, from an older copy where there is one; null when there is no such flow run. */
  load(flow: number, older: FlowCopy | null): FlowCopy | null;
  /** The value is the copy of how it is then. */
  write(before: FlowCopy, writing: Writing): FlowCopy;
  /** Ends a flow run that can't be decided on; the value says so for people. */
  endByBug(flow: number, error: unknown): string;
  /** Whether the store is to blame for an error. */
  isTrouble(error: unknown): boolean;
}

/** A flow run while a transaction deals with it. */
interface Entry {
  copy: FlowCopy;
  tree: FlowTree;
  used: Amount;
  happenings: FlowHappening[];
  isChanged: boolean;
  readonly keys: Set<TaskKey>;
  readonly claims: Map<TaskKey, Claim>;
}

/**
 * The flow runs that one transaction deals with: read as they are, changed in memory, and written by `flush`. Only when
 * the transaction is through, `keep` makes the copies of the process new.
 */
export class Ledger {
  readonly #keeper: FlowKeeper;
  readonly #copies: FlowCopies;
  readonly #evaluator: Evaluator;
  readonly #entries = new Map<number, Entry>();
  readonly #bugs: string[] = [];

  constructor(keeper: FlowKeeper, copies: FlowCopies, evaluator: Evaluator) {
    this.#keeper = keeper;
    this.#copies = copies;
    this.#evaluator = evaluator;
  }

  /** As it is now, with what this transaction has changed; null when there is no such flow run. */
  tree(flow: number): FlowTree | null {
    return this.#entry(flow)?.tree ?? null;
  }

  /** What its ended steps have used of the budget. */
  used(flow: number): Amount {
    return this.#entry(flow)?.used ?? noAmount;
  }

  /** Makes changes and all that follows from them. */
  advance(flow: number, changes: readonly FlowChange[], used: Amount | null = null): void {
    const entry = this.#entry(flow);
    if (entry === null) return;
    const advanced = advance(entry.tree, changes, this.#evaluator);
    note(entry, advanced.changes, advanced.tree);
    if (used !== null) entry.used = sumOf(entry.used, used);
  }

  /**
   * The same for what is yet to be decided. A flow run on which that can't be done ends: a bug that one of them brings to
   * light must not stop all others.
   */
  decide(flow: number, decision: (tree: FlowTree) => Settled): void {
    const tree = this.tree(flow);
    if (tree === null) return;
    try {
      const { changes, used } = decision(tree);
      this.advance(flow, changes, used);
    } catch (error) {
      if (this.#keeper.isTrouble(error)) throw error;
      this.#entries.delete(flow);
      this.#copies.drop(flow);
      this.#bugs.push(this.#keeper.endByBug(flow, error));
    }
  }

  /** Takes up a flow run that has just been made, and decides on its first steps. */
  create(flow: number, request: FlowRequest): void {
    const tree = treeOf({ request, tasks: new Map(), cancel: null, end: null });
    const unwritten = { revision: 0, lastSeq: 0, bytes: 0 };
    const entry = entryOf({ number: flow, tree, used: noAmount, ...unwritten });
    this.#entries.set(flow, entry);
    this.tell(flow, { type: "flow_created", name: request.flow.name, author: request.author });
    const first = next(tree, this.#evaluator);
    note(entry, first.changes, first.tree);
  }

  /** Takes somebody's wish, with all that follows from it; null when there is no such flow run. */
  signal(flow: number, signal: FlowSignal): SignalReply | null {
    const tree = this.tree(flow);
    if (tree === null) return null;
    const { reply, changes } = decideSignal(tree, signal);
    if (changes.length > 0) this.advance(flow, changes);
    return reply;
  }

  /** What is to be told of bugs. */
  get bugs(): readonly string[] {
    return this.#bugs;
  }

  /** A worker has taken a task; `after` is the tree with it. */
  claim(flow: number, change: TaskChange, after: FlowTree, claim: Claim): void {
    const entry = this.#entry(flow);
    if (entry === null) return;
    note(entry, [change], after);
    entry.claims.set(change.key, claim);
  }

  /** Something is to be told that changes nothing. */
  tell(flow: number, happening: FlowHappening): void {
    const entry = this.#entry(flow);
    if (entry === null) return;
    entry.happenings.push(happening);
    entry.isChanged = true;
  }

  /** Writes all that has changed. */
  flush(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.isChanged) continue;
      entry.copy = this.#keeper.write(entry.copy, entry);
      entry.isChanged = false;
      entry.happenings = [];
      entry.keys.clear();
      entry.claims.clear();
    }
  }

  /** The transaction is through. */
  keep(): void {
    for (const { copy } of this.#entries.values()) this.#copies.put(copy);
  }

  #entry(flow: number): Entry | null {
    const known = this.#entries.get(flow);
    if (known !== undefined) return known;
    const copy = this.#keeper.load(flow, this.#copies.get(flow));
    if (copy === null) return null;
    const entry = entryOf(copy);
    this.#entries.set(flow, entry);
    return entry;
  }
}

function entryOf(copy: FlowCopy): Entry {
  const { tree, used } = copy;
  return { copy, tree, used, happenings: [], isChanged: false, keys: new Set(), claims: new Map() };
}

function note(entry: Entry, changes: readonly FlowChange[], tree: FlowTree): void {
  entry.tree = tree;
  entry.isChanged ||= changes.length > 0;
  entry.happenings.push(...happeningsOf(changes));
  for (const change of changes) if (change.kind === "task") entry.keys.add(change.key);
}
