import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument } from "../../src/config/document.ts";
import { knownKeysAt } from "../../src/config/keys.ts";
import { mergeAgents } from "../../src/config/merge.ts";
import { normalizeConfig } from "../../src/config/normalize.ts";
import { checkRules } from "../../src/config/rules.ts";
import { configSchema } from "../../src/config/schemas.ts";

const word = fc.constantFrom(
  "a",
  "b",
  "claude",
  "gemini",
  "plan",
  "/x",
  "~",
  "file",
  "argument",
  "",
  "http://[::1]:1",
);
const value = fc.oneof(
  word,
  fc.integer({ min: -1, max: 70_000 }),
  fc.boolean(),
  fc.array(word, { maxLength: 2 }),
  fc.constantFrom({ env: "T" }, { file: "t" }, { channel: "c", to: "t" }, null),
);
const key = fc.constantFrom(...knownKeysAt("/agents/a"), "typo", "__proto__");
const agent = fc.dictionary(key, value, { maxKeys: 4 });
const config = fc.record(
  {
    agents: fc.oneof(fc.dictionary(fc.constantFrom("a", "b", "constructor", "A/~b"), agent), value),
    acl: fc.oneof(fc.dictionary(word, fc.array(word)), value),
    handoffDir: value,
    registry: value,
    retry: fc.oneof(fc.dictionary(fc.constantFrom("attempts", "baseMs", "maxMs"), value), value),
  },
  { requiredKeys: [] },
);

test("whatever stands in a config: it is whole, or there is a problem for each agent left out", () => {
  fc.assert(
    fc.property(config, (written) => {
      const document = readDocument(JSON.stringify(written), configSchema);
      if (!document.ok) throw new Error(document.failure);
      const { written: understood, problems, agentNames, brokenAgents } = document.value;
      if (understood === null) throw new Error("nothing was salvaged");
      const agents = mergeAgents(understood, null);
      const normalized = normalizeConfig(understood, agents, {
        path: "/c.json",
        resolvePath: (path) => `/${path}`,
      });
      const all = [
        ...problems,
        ...checkRules({
          config: understood,
          agents,
          names: new Set(agentNames),
          incomplete: new Set(brokenAgents),
          hasBrokenTelegram: problems.some(({ at }) => at.startsWith("/telegram")),
        }),
      ];
      for (const { name, placeOf } of agents) {
        const isComplainedAbout = all.some(({ at }) => at.startsWith(placeOf()));
        expect(isComplainedAbout || Object.hasOwn(normalized.agents, name)).toBe(true);
      }
      if (all.length === 0) {
        for (const each of Object.values(normalized.agents)) {
          expect(each.kind === "command" && each.mode === "plan" && each.handoff === "file").toBe(
            false,
          );
        }
      }
    }),
    { numRuns: 500 },
  );
});
