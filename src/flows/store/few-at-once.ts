/** A flow run that is to be removed, and how many tasks go with it. */
export interface Removable {
  readonly id: string;
  readonly tasks: number;
}

const MOST_TASKS = 10_000;

/** The first of them that can be removed at once: others have to wait as long as that takes. One at least. */
export function fewAtOnce(flows: readonly Removable[]): readonly string[] {
  let tasks = 0;
  const count = flows.findIndex((flow) => (tasks += flow.tasks) > MOST_TASKS);
  return flows.slice(0, count === -1 ? flows.length : Math.max(1, count)).map(({ id }) => id);
}
