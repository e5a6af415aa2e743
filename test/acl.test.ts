import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AclQuestion, AclRule, AclRules } from "../src/acl.ts";
import { decideAcl } from "../src/acl.ts";

const rules: AclRules = {
  acl: { manager: ["lead", "coder"], lead: ["coder"], idle: [] },
  requireCaller: false,
  maxDepth: 3,
};

interface Case {
  readonly title: string;
  readonly question: Partial<AclQuestion>;
  readonly rules?: Partial<AclRules>;
  readonly rule: AclRule;
  readonly configKey: string;
  readonly says: RegExp;
}

const ask = (question: Partial<AclQuestion>, changed: Partial<AclRules> = {}) =>
  decideAcl(
    { caller: "manager", target: "coder", chain: [], ...question },
    { ...rules, ...changed },
  );

describe("may delegate", () => {
  test.each<Case>([
    {
      title: "a person, as long as no caller is required",
      question: { caller: null },
      rule: "no_caller_allowed",
      configKey: "requireCaller",
      says: /none is required/,
    },
    {
      title: "a caller that is listed with this target",
      question: {},
      rule: "listed",
      configKey: "acl.manager",
      says: /manager may delegate to coder/,
    },
    {
      title: "the last caller that the chain has room for",
      question: { caller: "lead", chain: ["manager", "lead"] },
      rule: "listed",
      configKey: "acl.lead",
      says: /lead may delegate to coder/,
    },
  ])("$title", ({ question, rules: changed, rule, configKey, says }) => {
    const decision = ask(question, changed);
    expect(decision).toMatchObject({ isAllowed: true, rule, configKey, hint: "" });
    expect(decision.reason).toMatch(says);
  });
});

describe("is refused, with the rule, its config key and what to do", () => {
  test.each<Case>([
    {
      title: "a person where a caller is required",
      question: { caller: null },
      rules: { requireCaller: true },
      rule: "caller_required",
      configKey: "requireCaller",
      says: /wants to know who delegates.*--caller <agent>/,
    },
    {
      title: "an agent that delegates to itself, even when it is listed",
      question: { caller: "coder" },
      rules: { acl: { coder: ["coder"] } },
      rule: "self_delegation",
      configKey: "acl",
      says: /coder may not delegate to itself.*do the task yourself/,
    },
    {
      title: "a caller that is not listed",
      question: { caller: "webster" },
      rule: "caller_not_listed",
      configKey: "acl.webster",
      says: /webster is not listed.*add "webster": \["coder"\]/,
    },
    {
      title: "a caller named like a property that every object has",
      question: { caller: "constructor" },
      rule: "caller_not_listed",
      configKey: "acl.constructor",
      says: /constructor is not listed/,
    },
    {
      title: "a target that the caller's list lacks",
      question: { caller: "manager", target: "webster" },
      rule: "target_not_listed",
      configKey: "acl.manager",
      says: /may delegate to lead, coder, not to webster.*add "webster" to "acl.manager"/,
    },
    {
      title: "any target of a caller with an empty list",
      question: { caller: "idle" },
      rule: "target_not_listed",
      configKey: "acl.idle",
      says: /may delegate to nobody, not to coder/,
    },
    {
      title: "a target that is at work further up",
      question: { caller: "lead", chain: ["coder", "lead"] },
      rule: "cycle",
      configKey: "acl",
      says: /already working in this chain: coder → lead → coder/,
    },
    {
      title: "a chain that would be too deep",
      question: { chain: ["a", "b", "c"] },
      rule: "too_deep",
      configKey: "maxDepth",
      says: /4 runs deep, and 3 are allowed.*raise "maxDepth"/,
    },
  ])("$title", ({ question, rules: changed, rule, configKey, says }) => {
    const decision = ask(question, changed);
    expect(decision).toMatchObject({ isAllowed: false, rule, configKey });
    expect(`${decision.reason} ${decision.hint}`).toMatch(says);
  });
});

test("whatever is asked: who is let through by name is listed, and nobody works twice in a chain", () => {
  const name = fc.constantFrom("a", "b", "c", "__proto__", "toString");
  const anyRules = fc.record({
    acl: fc.dictionary(name, fc.array(name)),
    requireCaller: fc.boolean(),
    maxDepth: fc.integer({ min: 1, max: 4 }),
  });
  const anyQuestion = fc.record({
    caller: fc.option(name),
    target: name,
    chain: fc.array(name, { maxLength: 5 }),
  });
  fc.assert(
    fc.property(anyQuestion, anyRules, (question, some) => {
      const { isAllowed, hint } = decideAcl(question, some);
      const { caller, target, chain } = question;
      if (!isAllowed) return hint !== "";
      expect([...chain, caller]).not.toContain(target);
      expect(chain.length).toBeLessThan(some.maxDepth);
      if (caller === null) expect(some.requireCaller).toBe(false);
      else expect(Object.entries(some.acl).find(([key]) => key === caller)?.[1]).toContain(target);
      return true;
    }),
  );
});
