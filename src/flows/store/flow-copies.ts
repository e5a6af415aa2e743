import type { Amount } from "../tasks/budget.ts";
import type { FlowTree } from "../tree/tree.ts";

/** A flow run as one process knows it, as of one revision. It never changes. */
export interface FlowCopy {
  readonly number: number;
  readonly tree: FlowTree;
  readonly revision: number;
  readonly lastSeq: number;
  /** What its ended steps have used of the budget. */
  readonly used: Amount;
  /** About how much memory it takes. */
  readonly bytes: number;
}

const MOST_BYTES = 16 * 1024 * 1024;

/** The flow runs that a process deals with. Those that wait for somebody are not kept, and the oldest give way. */
export class FlowCopies {
  readonly #copies = new Map<number, FlowCopy>();
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get(number: number): FlowCopy | null {
    return this.#copies.get(number) ?? null;
  }

  put(copy: FlowCopy): void {
    this.drop(copy.number);
    if (copy.tree.root.standing.active === 0) return;
    this.#copies.set(copy.number, copy);
    this.#bytes += copy.bytes;
    for (const number of this.#copies.keys()) {
      if (this.#bytes <= this.#mostBytes || number === copy.number) return;
      this.drop(number);
    }
  }

  drop(number: number): void {
    this.#bytes -= this.#copies.get(number)?.bytes ?? 0;
    this.#copies.delete(number);
  }
}
