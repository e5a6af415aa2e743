import type { Amount, BudgetFacts } from "../tasks/budget.ts";
import { exhaustTask, mayReserve, noAmount, reservationOf, sumOf } from "../tasks/budget.ts";
import { taskAt } from "../tree/place.ts";
import { alone } from "../tasks/settle.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree } from "../tree/tree.ts";
import type { Ledger } from "./ledger.ts";

/** What of a flow run's budget its running steps hold. */
export type Held = Pick<BudgetFacts, "held" | "running">;

/** The budgets of the flow runs in which something begins. */
export class Purses {
  readonly #ledger: Ledger;
  readonly #look: (flow: number) => Held;
  readonly #held = new Map<number, Held>();
  /** In these, a step waits for what the running ones give back, and none goes before it. */
  readonly #blocked = new Set<number>();
  /** Whether a step has failed because nothing is left for it. */
  haveRunDry = false;

  /** `look` tells what is held in a flow run before anything is reserved here. */
  constructor(ledger: Ledger, look: (flow: number) => Held) {
    this.#ledger = ledger;
    this.#look = look;
  }

  /** What is held back for a step from now on; `no` when it can't begin. */
  reserve(flow: number, tree: FlowTree, key: TaskKey): Amount | "no" {
    const step = taskAt(tree, key)?.step;
    if (step === undefined || this.#blocked.has(flow)) return "no";
    const wanted = reservationOf(tree.request.flow, step);
    const now = this.#held.get(flow) ?? this.#look(flow);
    const used = this.#ledger.used(flow);
    const answer = mayReserve(tree.request.flow, wanted, { ...now, used });
    if (answer === "yes") {
      const held = wanted ?? noAmount;
      this.#held.set(flow, { held: sumOf(now.held, held), running: now.running + 1 });
      return held;
    }
    this.#blocked.add(flow);
    if (answer === "never") {
      this.haveRunDry = true;
      this.#ledger.decide(flow, (found) => alone(exhaustTask(found, key, used)));
    }
    return "no";
  }
}
