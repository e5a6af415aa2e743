import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stateOf } from "./flat-state.ts";
import { flowStatusOf } from "../../src/flows/store/flow-status.ts";
import { jobOf } from "../../src/flows/tasks/job.ts";
import { isSettled } from "../../src/flows/tree/node.ts";
import { taskAt, wayTo } from "../../src/flows/tree/place.ts";
import type { ScopeNode } from "../../src/flows/tree/tree.ts";
import { randomFlow } from "./random-flow.ts";
import { Simulation, approval, approvedBy } from "./simulation.ts";

/** Chances that steer a simulated worker, from 0 up to 1. */
type Chance = () => number;

const seeds = fc.integer().map((seed): Chance => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
});

/** A worker that does one thing after the other, and people who interfere. */
class Crowd {
  readonly flow: Simulation;
  readonly #chance: Chance;
  /** What has begun, as `key#attempt`. */
  readonly #begun = new Set<string>();
  /** What may begin once more as the same attempt: its worker died, left, or it waited. */
  readonly #interrupted = new Set<string>();
  readonly #runIds = new Set<string>();
  /** How often they may still do what leads nowhere. */
  #mischief: number;

  constructor(flow: Simulation, chance: Chance, mischief: number) {
    this.flow = flow;
    this.#chance = chance;
    this.#mischief = mischief;
  }

  /** Does one more thing; false when there is nothing to do. */
  step(): boolean {
    const { flow } = this;
    if (this.#mischief > 0 && this.#chance() < 0.05) this.#interfere();
    const keys = flow.keys("ready", "running", "waiting", "undecided");
    const key = keys[Math.floor(this.#chance() * keys.length)];
    if (key === undefined) return false;
    const status = flow.status(key);
    if (status === "ready") this.#begin(key);
    if (status === "running") this.#end(key);
    if (status === "waiting") flow.decide(key, approvedBy("bob"));
    if (status === "undecided") {
      flow.signal({ kind: "recover", key, choice: this.#chance() < 0.5 ? "rerun" : "skip" });
    }
    return true;
  }

  #begin(key: string): void {
    const { tree } = this.flow;
    const scope = wayTo(tree, key).at(-1)?.scope;
    const node = taskAt(tree, key);
    for (const need of node?.step.needs ?? []) {
      const state = scope?.tasks.get(need)?.state;
      expect(state !== undefined && isSettled(state), `${key} begins after ${need}`).toBe(true);
    }
    expect(tree.cancel, `${key} begins in a flow run that nobody canceled`).toBeNull();
    const once = `${key}#${node?.state.attempt}`;
    if (this.#begun.has(once)) {
      expect(this.#interrupted.delete(once), `${once} begins once`).toBe(true);
    }
    this.flow.claim(key);
    const runId = jobOf(this.flow.tree, key)?.runId ?? "";
    expect(this.#runIds.has(runId), `${runId} is the run of one attempt`).toBe(
      this.#begun.has(once),
    );
    this.#begun.add(once);
    this.#runIds.add(runId);
  }

  #end(key: string): void {
    const { flow } = this;
    const { attempt, decision } = flow.state(key, "running");
    const chance = this.#chance();
    const isPeople = taskAt(flow.tree, key)?.step.kind === "approve";
    if (chance < 0.15 && this.#mischief > 0) {
      this.#mischief -= 1;
      this.#interrupted.add(`${key}#${attempt}`);
      if (chance < 0.08) flow.recover(key);
      else flow.finish(key, { end: "canceled" });
    } else if (isPeople && decision === null) {
      this.#interrupted.add(`${key}#${attempt}`);
      flow.finish(key, { end: "waiting", waiting: approval });
    } else if (chance < 0.4) {
      const failure = { code: "command_failed", message: "no", hint: "" };
      const isRetryable = this.#chance() < 0.5;
      flow.finish(key, { end: "failed", failure, output: {}, usage: null, isRetryable });
    } else {
      flow.finish(key, { end: "done", output: { exitCode: 0 }, usage: null });
    }
  }

  #interfere(): void {
    this.#mischief -= 1;
    const { flow } = this;
    if (this.#chance() < 0.2) {
      flow.signal({ kind: "cancel", by: "ann", reason: null });
      return;
    }
    const keys = flow.keys("done", "failed", "skipped", "canceled", "waiting");
    const key = keys[Math.floor(this.#chance() * keys.length)];
    if (key !== undefined) flow.signal({ kind: "retry_from", key });
  }
}

/** No for-each has more items under way than it may. */
function expectLimits(scope: ScopeNode): void {
  for (const { step, scopes, progress } of scope.tasks.values()) {
    if (step.kind === "for-each" && step.limit !== null) {
      expect(progress.begun - progress.settled).toBeLessThanOrEqual(step.limit);
    }
    for (const inside of scopes) if (inside !== undefined) expectLimits(inside);
  }
}

describe("any flow", () => {
  it("comes to its end: nothing begins before its needs, and nothing begins twice", () => {
    fc.assert(
      fc.property(randomFlow, seeds, (written, chance) => {
        const flow = new Simulation(written);
        const crowd = new Crowd(flow, chance, 0);
        while (crowd.step()) expectLimits(flow.tree.root);
        expect(flow.end).not.toBeNull();
        expect(flowStatusOf(flow.tree)).toBe(flow.end?.status);
        expect(flow.happenings.filter(({ type }) => type === "flow_ended")).toHaveLength(1);
        const left = [...stateOf(flow.tree).tasks.values()].filter((task) => !isSettled(task));
        expect(left).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("does so too when workers die and people cancel, leave and go back", () => {
    fc.assert(
      fc.property(
        randomFlow,
        seeds,
        fc.integer({ min: 1, max: 12 }),
        (written, chance, mischief) => {
          const flow = new Simulation(written);
          const crowd = new Crowd(flow, chance, mischief);
          while (crowd.step())
            expect(flowStatusOf(flow.tree)).toMatch(/^(running|waiting|complete|failed|canceled)$/);
          expect(flow.end).not.toBeNull();
          expect(flow.tree.root.isSettled).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
