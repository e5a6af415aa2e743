import { expect, test } from "vitest";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { defaultSettings } from "../../src/questions/routing.ts";
import { addressesFor } from "../../src/telegram/address.ts";
import type { Address } from "../../src/telegram/address.ts";
import { RUN, created, eventsOf } from "./samples.ts";

const places = { chatId: -100, threadId: 7, allowedChats: [-100, "@Boss", -7] };
const usual: Address = {
  chatId: -100,
  threadId: 7,
  calls: null,
  takesAnswers: true,
  isReminder: false,
};

const opened: RunHappening = {
  type: "question_opened",
  questionId: `${RUN}.q1`,
  attempt: 1,
  text: "Which?",
  options: [],
  freeText: true,
  askedBy: "tech-lead",
};
const proposed: RunHappening = {
  type: "question_proposed",
  questionId: `${RUN}.q1`,
  proposal: "x",
  by: "manager",
};

function escalated(to: string): RunHappening {
  return { type: "question_escalated", questionId: `${RUN}.q1`, to };
}

function event(happening: RunHappening): RunEvent {
  const [only] = eventsOf([[0, happening]]);
  if (only === undefined) throw new Error("there is one");
  return only;
}

test("people are asked at once, or after the foreman", () => {
  const foreman = { ...defaultSettings, foreman: "manager" };
  const referred: RunHappening = {
    type: "question_referred",
    questionId: `${RUN}.q1`,
    by: "manager",
    reason: "x",
  };
  expect(addressesFor(event(opened), defaultSettings, places)).toEqual([usual]);
  expect(addressesFor(event(opened), foreman, places)).toEqual([]);
  expect(addressesFor(event(proposed), foreman, places)).toEqual([usual]);
  expect(addressesFor(event(referred), foreman, places)).toEqual([usual]);
  expect(addressesFor(event(created), defaultSettings, places)).toEqual([]);
});

test("a foreman's own questions go to people", () => {
  const rules = { ...defaultSettings, foreman: "tech-lead" };
  expect(addressesFor(event(opened), rules, places)).toEqual([usual]);
});

test("nobody is asked when nobody is to be", () => {
  const rules = { ...defaultSettings, otherwise: "nobody" } as const;
  for (const happening of [opened, proposed, escalated("@boss")])
    expect(addressesFor(event(happening), rules, places)).toEqual([]);
});

test("where the run is shown but no answers are taken, the chats are asked from which they are", () => {
  const elsewhere = { ...places, allowedChats: [-7, "@boss"] };
  expect(addressesFor(event(opened), defaultSettings, elsewhere)).toEqual([
    { ...usual, chatId: -7, threadId: null },
    { ...usual, chatId: "@boss", threadId: null },
  ]);
  const nowhere = { ...places, allowedChats: [] };
  expect(addressesFor(event(opened), defaultSettings, nowhere)).toEqual([
    { ...usual, takesAnswers: false },
  ]);
});

test.each<readonly [string, Partial<Address>]>([
  ["@boss", { chatId: "@boss", threadId: null }],
  ["-7", { chatId: -7, threadId: null }],
  ["-8", { chatId: -8, threadId: null, takesAnswers: false }],
  ["-100", {}],
  ["anna", { calls: "anna" }],
  ["@anna", { calls: "@anna" }],
])("who is next in line is a chat or a person: %s", (to, expected) => {
  expect(addressesFor(event(escalated(to)), defaultSettings, places)).toEqual([
    { ...usual, isReminder: true, ...expected },
  ]);
});
