import type { Step } from "../flow.ts";
import type { TaskNode } from "./tree.ts";

type Chunk = readonly (TaskNode | undefined)[];

const CHUNK = 32;

/**
 * The tasks of a scope by step id, in the order of its steps. It never changes: a change makes another one, which shares
 * nearly all with this, so that a step among a thousand costs no more than one among ten.
 */
export class TaskTable {
  readonly #places: ReadonlyMap<string, number>;
  readonly #chunks: readonly (Chunk | undefined)[];

  private constructor(places: ReadonlyMap<string, number>, chunks: readonly (Chunk | undefined)[]) {
    this.#places = places;
    this.#chunks = chunks;
  }

  /** One for these steps, without any task. */
  static empty(steps: readonly Step[]): TaskTable {
    return new TaskTable(new Map(steps.map(({ id }, place) => [id, place])), []);
  }

  get(stepId: string): TaskNode | undefined {
    const place = this.#places.get(stepId);
    return place === undefined
      ? undefined
      : this.#chunks[Math.floor(place / CHUNK)]?.[place % CHUNK];
  }

  /** The table with these tasks in place of those of the same steps. */
  with(nodes: Iterable<TaskNode>): TaskTable {
    const chunks = [...this.#chunks];
    const own = new Map<number, (TaskNode | undefined)[]>();
    for (const node of nodes) {
      const place = this.#places.get(node.step.id);
      if (place === undefined) throw new Error(`the scope has no step ${node.step.id}`);
      const number = Math.floor(place / CHUNK);
      const chunk = own.get(number) ?? Array.from(chunks[number] ?? []);
      chunk[place % CHUNK] = node;
      own.set(number, chunk);
    }
    for (const [number, chunk] of own) chunks[number] = chunk;
    return new TaskTable(this.#places, chunks);
  }

  *values(): Generator<TaskNode> {
    for (const chunk of this.#chunks)
      for (const node of chunk ?? []) if (node !== undefined) yield node;
  }
}
