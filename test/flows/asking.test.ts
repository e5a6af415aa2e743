import { expect, test } from "vitest";
import { askingOf, isAboutToAsk } from "../../src/flows/view/asking.ts";
import { stateOf } from "./flat-state.ts";
import type { Waiting } from "../../src/flows/work.ts";
import { Simulation, approval, approvedBy, question } from "./simulation.ts";
import { approve, flowOf, run } from "./written-flow.ts";

function asking(waiting: Waiting) {
  const simulation = new Simulation(flowOf([run("a")]));
  simulation.waits("a", waiting);
  const task = stateOf(simulation.tree).tasks.get("a");
  return task === undefined ? null : askingOf(task, "01abc");
}

test("an approval is asked for with what it is about, and bound to it", () => {
  const digest = "0123456789abcdef";
  const requiredApprovers = ["eva", "tom"];
  expect(asking({ ...approval, shown: "the change", digest, requiredApprovers })).toEqual({
    title: "a waits for an approval by eva or tom",
    shown: "all right?\n\nthe change",
    commands: [
      "delegate flow approve 01abc a --digest 0123456789ab --by '<eva or tom>'",
      `delegate flow reject 01abc a --digest 0123456789ab --by '<eva or tom>' --note "<why>"`,
    ],
  });
  expect(asking({ ...approval, digest })).toEqual({
    title: "a waits for an approval",
    shown: "all right?",
    commands: [
      "delegate flow approve 01abc a --digest 0123456789ab",
      'delegate flow reject 01abc a --digest 0123456789ab --note "<why>"',
    ],
  });
});

test.each([
  ["eva", "eva"],
  ["@anna", "@anna"],
  ["Eva Maria", "'Eva Maria'"],
])("the command names the only one who may approve: %s", (name, word) => {
  const commands = asking({ ...approval, requiredApprovers: [name] })?.commands;
  expect(commands).toHaveLength(2);
  for (const command of commands ?? []) expect(command).toContain(` --by ${word}`);
});

test.each([
  ["text", '"<answer>"'],
  ["number", "<number>"],
  ["boolean", "<yes|no>"],
] as const)("a question whose answer is a %s says so: %s", (answer, placeholder) => {
  const { commands } = asking({ ...question, options: [], answer }) ?? { commands: [] };
  expect(commands).toEqual([`delegate flow answer 01abc a ${placeholder}`]);
});

test("a question is asked with its options, and what is proposed", () => {
  expect(asking({ ...question, proposal: "blue" })).toEqual({
    title: "a waits for an answer",
    shown: "which?\n1. red\n2. blue\nproposed: blue",
    commands: ["delegate flow answer 01abc a --option <n>"],
  });
  expect(asking({ ...question, options: [] })).toMatchObject({
    shown: "which?",
    commands: ['delegate flow answer 01abc a "<answer>"'],
  });
});

test("an agent's questions are answered one by one", () => {
  const waiting = { kind: "agent_questions", runId: "r", questionIds: ["r.q1", "r.q2"] } as const;
  expect(asking(waiting)?.commands).toEqual([
    'delegate answer r.q1 "<answer>"',
    'delegate answer r.q2 "<answer>"',
  ]);
});

test("a step whose end nobody knows is to be decided about; one that runs wants nothing", () => {
  const simulation = new Simulation(flowOf([run("a", { recovery: "ask" })]));
  const now = () => stateOf(simulation.tree).tasks.get("a");
  simulation.claim("a");
  const running = now();
  expect(running === undefined ? null : askingOf(running, "01abc")).toBeNull();
  simulation.recover("a");
  const lost = now();
  expect(lost === undefined ? null : askingOf(lost, "01abc")?.commands).toEqual([
    "delegate flow resume 01abc --decide a=rerun",
    "delegate flow resume 01abc --decide a=skip",
  ]);
});

test("a step is about to ask from its beginning until it does", () => {
  const simulation = new Simulation(flowOf([run("a"), approve("ok", { needs: ["a"] })]));
  const isNear = (key: string): boolean => {
    const task = stateOf(simulation.tree).tasks.get(key);
    return task !== undefined && isAboutToAsk(task);
  };
  expect([isNear("a"), isNear("ok")]).toEqual([false, false]);
  simulation.done("a");
  expect(isNear("ok")).toBe(true);
  simulation.claim("ok");
  expect(isNear("ok")).toBe(true);
  simulation.finish("ok", { end: "waiting", waiting: approval });
  expect(isNear("ok")).toBe(false);
  simulation.decide("ok", approvedBy("bob"));
  expect(isNear("ok")).toBe(false);
});
