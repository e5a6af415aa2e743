import type { RunHappening } from "../../src/events/event.ts";
import type { Fact } from "../../src/run/decide/decide.ts";
import { decide } from "../../src/run/decide/decide.ts";
import type { RunLimits } from "../../src/run/request.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import type { RunState } from "../../src/run/decide/state.ts";
import { aroundAt, START } from "./samples.ts";

/** A run in a test: facts are told to it one after the other, at instants in milliseconds after its start. */
export class Story {
  readonly #limits: Partial<RunLimits>;
  state: RunState = newRunState(START);
  /** All that happened, and when. */
  readonly happened: { readonly happening: RunHappening; readonly atMs: number }[] = [];

  constructor(limits: Partial<RunLimits> = {}) {
    this.#limits = limits;
    this.apply({ type: "attempt_started", attempt: 1 }, 0);
  }

  /** Tells one fact; the value is what follows from it. */
  tell(ms: number, fact: Fact): readonly RunHappening[] {
    const happenings = decide(this.state, fact, aroundAt(ms, this.#limits));
    for (const happening of happenings) this.apply(happening, ms);
    return happenings;
  }

  apply(happening: RunHappening, ms: number): void {
    this.state = applyHappening(this.state, happening, START + ms);
    this.happened.push({ happening, atMs: START + ms });
  }

  /** The current attempt is admitted by its gateway. */
  admit(ms: number, attempt = 1): this {
    const reply = {
      kind: "admitted",
      gatewayRunId: "gw-1",
      isIdempotent: true,
      agentEnd: null,
    } as const;
    this.tell(ms, { kind: "sent", attempt, result: { kind: "reply", reply } });
    return this;
  }
}
