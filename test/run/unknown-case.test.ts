import { expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import { decide } from "../../src/run/decide/decide.ts";
import { wakeAtMs } from "../../src/run/decide/decide-time.ts";
import type { Fact } from "../../src/run/decide/decide.ts";
import type { RunState } from "../../src/run/decide/state.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { attemptsBegun, newRunState } from "../../src/run/decide/state.ts";
import { aroundAt, completeHandoff, sampleLimits, START } from "./samples.ts";

/** What only a bug, or a file of another version, can bring about. */
function odd(text: string) {
  return JSON.parse(text);
}

const sending: RunState = applyHappening(
  newRunState(START),
  { type: "attempt_started", attempt: 1 },
  START,
);
const oddFact: Fact = odd('{"kind":"odd"}');
const oddState: RunState = odd('{"phase":"odd"}');
const oddHappening: RunHappening = odd('{"type":"odd"}');
const oddFile = (reading: object): Fact =>
  odd(JSON.stringify({ kind: "file", attempt: 1, reading }));
const oddResult: Fact = odd('{"kind":"sent","attempt":1,"result":{"kind":"odd"}}');
const oddStatus = oddFile({ kind: "handoff", handoff: { ...completeHandoff, status: "odd" } });

test.each<[string, () => unknown]>([
  ["a fact", () => decide(sending, oddFact, aroundAt(0))],
  ["a file's reading", () => decide(sending, oddFile({ kind: "odd" }), aroundAt(0))],
  ["a handoff's status", () => decide(sending, oddStatus, aroundAt(0))],
  ["a sending's result", () => decide(sending, oddResult, aroundAt(0))],
  ["a phase, when time is asked", () => wakeAtMs(oddState, sampleLimits)],
  ["a phase, when attempts are counted", () => attemptsBegun(oddState)],
  ["a happening", () => applyHappening(sending, oddHappening, START)],
])("%s that nobody thought of is told as a bug", (_what, meet) => {
  expect(meet).toThrow(/unexpected case: .*odd/);
});
