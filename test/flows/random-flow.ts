import * as fc from "fast-check";
import type { Flow, Step } from "../../src/flows/flow.ts";
import { agent, approve, flowOf, forEach, loop, run, subflow } from "./written-flow.ts";

/** A flow before its steps have names. */
type Plan = Leaf | Group;

interface Common {
  /** Bit `n` set: it needs the step `n` places before it. */
  readonly needs: number;
  readonly when: string | null;
  readonly onFailure: "fail" | "continue" | "next-iteration";
}

interface Leaf extends Common {
  readonly kind: "run" | "agent" | "approve";
  readonly attempts: number;
  readonly recovery: "rerun" | "ask";
  readonly output: string | null;
}

interface Group extends Common {
  readonly kind: "loop" | "for-each" | "flow";
  readonly inside: readonly Plan[];
  readonly isReversed: boolean;
  readonly max: number;
  readonly until: string;
  readonly items: string;
  readonly limit: number | null;
  readonly order: string | null;
}

const common = {
  needs: fc.nat({ max: 15 }),
  when: fc.option(fc.constantFrom("true", "false", "inputs.nothing"), { nil: null, freq: 4 }),
  onFailure: fc.constantFrom("fail", "fail", "continue", "next-iteration"),
} as const;

const leaf: fc.Arbitrary<Plan> = fc.record({
  ...common,
  kind: fc.constantFrom("run", "agent", "approve"),
  attempts: fc.integer({ min: 1, max: 3 }),
  recovery: fc.constantFrom("rerun", "ask"),
  output: fc.option(fc.constantFrom("output.exitCode", "output.nothing"), { nil: null, freq: 6 }),
});

function groupOf(inside: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  return fc.record({
    ...common,
    kind: fc.constantFrom("loop", "for-each", "flow"),
    inside: fc.array(inside, { minLength: 1, maxLength: 3 }),
    isReversed: fc.boolean(),
    max: fc.integer({ min: 1, max: 3 }),
    until: fc.constantFrom("true", "false", "iteration >= 2", "inputs.nothing"),
    items: fc.constantFrom("[]", "[1]", "[3, 1, 3]", "[1, 2, 3, 4]", "7"),
    limit: fc.option(fc.integer({ min: 1, max: 2 }), { nil: null }),
    order: fc.option(fc.constantFrom("item", "0 - index"), { nil: null, freq: 2 }),
  });
}

const plan = fc.oneof(leaf, leaf, groupOf(fc.oneof(leaf, leaf, groupOf(leaf))));

/** Flows of every shape: graphs, and containers up to two deep. */
export const randomFlow: fc.Arbitrary<Flow> = fc
  .tuple(fc.array(plan, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([plans, isReversed]) => build(plans, isReversed, { count: 0 }));

function build(plans: readonly Plan[], isReversed: boolean, named: { count: number }): Flow {
  return flowOf(stepsOf(plans, isReversed, named));
}

/** In reversed order, a step stands in the file before those that it needs. */
function stepsOf(
  plans: readonly Plan[],
  isReversed: boolean,
  named: { count: number },
): readonly Step[] {
  const ids = plans.map(() => `s${(named.count += 1)}`);
  const steps = plans.map((each, index) => {
    const needs = ids.filter(
      (_, other) => other < index && (each.needs >> (index - other - 1)) & 1,
    );
    return stepOf(each, ids[index] ?? "", needs, named);
  });
  return isReversed ? steps.toReversed() : steps;
}

function stepOf(each: Plan, id: string, needs: readonly string[], named: { count: number }): Step {
  const { when, onFailure } = each;
  const same = { needs, when, onFailure };
  switch (each.kind) {
    case "run":
    case "agent":
    case "approve": {
      const retry = { attempts: each.attempts, baseMs: 10, maxMs: 100 };
      const outputs = each.output === null ? {} : { x: each.output };
      const more = { ...same, retry, recovery: each.recovery, outputs };
      return { run, agent, approve }[each.kind](id, more);
    }
    case "loop": {
      const { max, until } = each;
      return loop(id, stepsOf(each.inside, each.isReversed, named), { ...same, max, until });
    }
    case "for-each": {
      const { items, limit, order } = each;
      return forEach(id, stepsOf(each.inside, each.isReversed, named), {
        ...same,
        items,
        limit,
        order,
      });
    }
    case "flow":
      return subflow(id, build(each.inside, each.isReversed, named), same);
  }
}
