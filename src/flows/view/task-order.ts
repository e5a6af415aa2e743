import { partsOf } from "../tree/place.ts";
import type { Task, TaskKey } from "../task.ts";

/** Tasks as they lie in each other: what is inside a step stands behind it, iteration by iteration. Beside each other they keep their order. */
export function inTreeOrder(tasks: readonly Task[]): readonly Task[] {
  const rankOf = new Map<string, number>();
  const paths = new Map(tasks.map(({ key }) => [key, pathOf(key, rankOf)]));
  return tasks.toSorted((a, b) => comparePaths(paths.get(a.key) ?? [], paths.get(b.key) ?? []));
}

/** Which of its neighbors each step on the way was, and in which iteration or for which item. */
function pathOf(key: TaskKey, rankOf: Map<string, number>): readonly number[] {
  let place = "";
  return partsOf(key).flatMap(({ stepId, number }) => {
    place += `/${stepId}`;
    const rank = rankOf.get(place) ?? rankOf.size;
    rankOf.set(place, rank);
    return number === null ? [rank] : [rank, number];
  });
}

function comparePaths(a: readonly number[], b: readonly number[]): number {
  for (const [index, rank] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (rank !== other) return rank - other;
  }
  return a.length - b.length;
}
