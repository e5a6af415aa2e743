import type { Limits } from "../../config/flow-limits.ts";

/** What a step counts with besides all steps: its agent and its group, if it has them. */
export interface Lane {
  readonly agent: string | null;
  readonly group: string | null;
}

/** How many more steps may begin, while one after the other does. */
export class Places {
  readonly #limits: Limits;
  readonly #agents = new Map<string, number>();
  readonly #groups = new Map<string, number>();
  #steps = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many of a lane may begin now. */
  leftFor({ agent, group }: Lane): number {
    const { steps, agents, groups } = this.#limits;
    return Math.max(
      0,
      Math.min(
        steps - this.#steps,
        leftOf(agents, this.#agents, agent),
        leftOf(groups, this.#groups, group),
      ),
    );
  }

  /** So many of a lane are under way. */
  take({ agent, group }: Lane, count = 1): void {
    this.#steps += count;
    if (agent !== null) this.#agents.set(agent, (this.#agents.get(agent) ?? 0) + count);
    if (group !== null) this.#groups.set(group, (this.#groups.get(group) ?? 0) + count);
  }
}

function leftOf(
  limits: Readonly<Record<string, number>>,
  taken: ReadonlyMap<string, number>,
  name: string | null,
): number {
  if (name === null || !Object.hasOwn(limits, name)) return Number.POSITIVE_INFINITY;
  return (limits[name] ?? 0) - (taken.get(name) ?? 0);
}
