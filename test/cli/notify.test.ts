import { expect, test } from "vitest";
import { chooseNotifiers } from "../../src/cli/telling/notify.ts";
import type { NotifyFacts } from "../../src/cli/telling/notify.ts";

const nobodyAsked: NotifyFacts = {
  wish: [],
  rules: null,
  subject: { agent: "lead", caller: null },
  earlier: [],
};
const always = { otherwise: ["telegram"], byAgent: {}, byCaller: {} } as const;

test.each<[string, Partial<NotifyFacts>, readonly string[]]>([
  ["nobody is told when nobody asked for it", {}, []],
  ["the command names who is told", { wish: ["telegram"] }, ["telegram"]],
  ["the config names who is told", { rules: always }, ["telegram"]],
  ["whom both name is told once", { wish: ["telegram"], rules: always }, ["telegram"]],
  ["whoever heard of the beginning hears the rest", { earlier: ["telegram"] }, ["telegram"]],
  [
    "--no-notify is stronger than all of it",
    { wish: "nobody", rules: always, earlier: ["telegram"] },
    [],
  ],
  [
    "what the config says of an agent does not hold for a run that is not known",
    { rules: always, subject: null },
    [],
  ],
  [
    "what an agent's own entry says comes before what is said for all",
    { rules: { ...always, byAgent: { lead: [] } } },
    [],
  ],
])("%s", (_title, facts, chosen) => {
  expect(chooseNotifiers({ ...nobodyAsked, ...facts })).toEqual(chosen);
});
