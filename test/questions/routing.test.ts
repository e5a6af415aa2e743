import { expect, test } from "vitest";
import type { QuestionProgress, QuestionSettings, Route } from "../../src/questions/routing.ts";
import { defaultSettings, isSureEnough, routeQuestion } from "../../src/questions/routing.ts";

const asked: QuestionProgress = {
  askedAtMs: 0,
  proposals: 0,
  isForemanOut: false,
  discussion: null,
  escalations: 0,
};
const withForeman: QuestionSettings = {
  ...defaultSettings,
  foreman: "manager",
  escalateTo: ["anna", "bob"],
};
const minute = 60_000;

test.each<[string, Partial<QuestionProgress>, QuestionSettings, number, Route]>([
  [
    "goes to a person and stays there, without settings",
    {},
    defaultSettings,
    0,
    { kind: "wait", untilMs: null },
  ],
  ["goes to the foreman first", {}, withForeman, 0, { kind: "ask_foreman", discussion: null }],
  [
    "that the foreman can't be asked goes to a person",
    { isForemanOut: true },
    withForeman,
    0,
    { kind: "wait", untilMs: 30 * minute },
  ],
  [
    "with a proposal stays with a person",
    { proposals: 1 },
    withForeman,
    0,
    { kind: "wait", untilMs: 30 * minute },
  ],
  [
    "whose proposal is discussed goes to the foreman again",
    { proposals: 1, discussion: "why?" },
    withForeman,
    0,
    { kind: "ask_foreman", discussion: "why?" },
  ],
  [
    "that is too old goes to the next in line",
    { proposals: 1 },
    withForeman,
    30 * minute,
    { kind: "escalate", to: "anna" },
  ],
  [
    "goes to each of them once",
    { proposals: 1, escalations: 1 },
    withForeman,
    60 * minute,
    { kind: "escalate", to: "bob" },
  ],
  [
    "of which all have heard waits",
    { proposals: 1, escalations: 2 },
    withForeman,
    90 * minute,
    { kind: "wait", untilMs: null },
  ],
  [
    "is given up when no person is to be asked",
    { proposals: 1 },
    { ...withForeman, otherwise: "nobody" },
    0,
    { kind: "give_up" },
  ],
])("a question %s", (_what, progress, settings, nowMs, route) => {
  expect(routeQuestion({ ...asked, ...progress }, settings, nowMs)).toEqual(route);
});

test("who is less sure than is needed may not answer", () => {
  expect(isSureEnough("high", "high")).toBe(true);
  expect(isSureEnough("medium", "high")).toBe(false);
  expect(isSureEnough("high", "low")).toBe(true);
});
