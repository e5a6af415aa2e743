import type { FlowEnd } from "../../flow-run.ts";
import { bugEnd } from "../bug-end.ts";
import type { FlowCopies, FlowCopy } from "../flow-copies.ts";
import type { FlowKeeper, Writing } from "../ledger.ts";
import type { Transaction } from "./database.ts";
import { endFlow } from "./end-flow.ts";
import type { FlowRows } from "./flow-rows.ts";
import { rowsOf } from "./flow-rows.ts";
import { loadCopies } from "./load-copies.ts";
import { writeRows } from "./write-rows.ts";

/**
 * The flow runs of one transaction, between a ledger, which does not wait, and Postgres, which is asked for many things
 * at once: `fetch` before they are dealt with, `send` after.
 */
export class FlowSheets implements FlowKeeper {
  readonly #transaction: Transaction;
  readonly #copies: FlowCopies;
  readonly #loaded = new Map<number, FlowCopy>();
  readonly #broken = new Set<number>();
  /** Whether anything was written. */
  hasSent = false;
  #changed: FlowRows[] = [];
  #ended: { readonly flow: number; readonly end: FlowEnd }[] = [];

  constructor(transaction: Transaction, copies: FlowCopies) {
    this.#transaction = transaction;
    this.#copies = copies;
  }

  /** Has these ready for a ledger. */
  async fetch(flows: Iterable<number>): Promise<void> {
    const missing = [...new Set(flows)].filter((flow) => !this.#loaded.has(flow));
    if (missing.length === 0) return;
    const loaded = await loadCopies(this.#transaction, missing, this.#copies);
    for (const [flow, copy] of loaded) this.#loaded.set(flow, copy);
  }

  /** Writes all that a ledger has flushed. */
  async send(): Promise<void> {
    const [changed, ended] = [this.#changed, this.#ended];
    this.#changed = [];
    this.#ended = [];
    await writeRows(this.#transaction, changed);
    for (const { flow, end } of ended) await endFlow(this.#transaction, flow, end);
    this.hasSent ||= changed.length + ended.length > 0;
  }

  load(flow: number): FlowCopy | null {
    return this.#broken.has(flow) ? null : (this.#loaded.get(flow) ?? null);
  }

  write(before: FlowCopy, writing: Writing): FlowCopy {
    const { rows, after } = rowsOf(before, writing, this.#transaction.nowMs);
    this.#changed.push(rows);
    return after;
  }

  endByBug(flow: number, error: unknown): string {
    const end = bugEnd(error);
    this.#ended.push({ flow, end });
    this.#broken.add(flow);
    const id = this.#loaded.get(flow)?.tree.request.flowRunId ?? "";
    return `flow run ${id} has ended: ${end.failure.message}`;
  }

  /** Nothing that is decided here asks Postgres. */
  isTrouble(): boolean {
    return false;
  }
}
