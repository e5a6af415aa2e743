import type { Step } from "./flow.ts";

/** Steps of one scope that can begin at the same time, as far as their needs go. */
export type Wave = readonly Step[];

/** The steps of a scope by when they can begin: each is in the first wave that comes after all that it needs. */
export function wavesOf(steps: readonly Step[]): readonly Wave[] {
  const waves: Step[][] = [];
  const placed = new Set<string>();
  let left = steps;
  while (left.length > 0) {
    const ready = left.filter((step) => step.needs.every((id) => placed.has(id)));
    // Needs that go in a circle, or to no step, are errors of the file; what is left is shown nevertheless.
    const wave = ready.length === 0 ? left : ready;
    waves.push([...wave]);
    for (const { id } of wave) placed.add(id);
    left = left.filter((step) => !placed.has(step.id));
  }
  return waves;
}
