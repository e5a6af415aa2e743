import { describe, expect, test } from "vitest";
import configFile from "../../schemas/config.schema.json" with { type: "json" };
import registryFile from "../../schemas/registry.schema.json" with { type: "json" };
import { knownKeysAt } from "../../src/config/keys.ts";
import { configSchema, registrySchema } from "../../src/config/schemas.ts";
import { describeShape } from "../../src/config/shape.ts";
import { commandKeys, gatewayKeys } from "../../src/config/written.ts";

const { properties, $defs } = configFile;
const discordCaller = $defs.discord.properties.callers.additionalProperties;

describe("the schemas and the code know the same keys", () => {
  test.each([
    ["", properties],
    ["/retry", properties.retry.properties],
    ["/gateway", properties.gateway.properties],
    ["/agents/a", $defs.agent.properties],
    ["/agents/a~1b/token", $defs.token.properties],
    ["/agents/a/deliver", $defs.deliver.properties],
    ["/agents/a/env/X", $defs.agent.properties.env.additionalProperties.properties],
    ["/discord", $defs.discord.properties],
    ["/discord/callers/a", discordCaller.properties],
    ["/discord/callers/a/token", discordCaller.properties.token.properties],
    ["/telegram", $defs.telegram.properties],
    ["/telegram/token", $defs.token.properties],
    ["/callers/a", properties.callers.additionalProperties.properties],
    ["/questions", $defs.questions.properties],
  ])("at %j", (pointer, keys) => {
    expect(knownKeysAt(pointer).toSorted()).toEqual(Object.keys(keys).toSorted());
  });

  test("and none where any key may stand", () => {
    expect(knownKeysAt("/acl")).toEqual([]);
  });

  test("an agent of the registry is described like one behind a gateway", () => {
    const known: readonly string[] = [...gatewayKeys, "timeoutSeconds"];
    expect(Object.keys(registryFile.$defs.agent.properties)).toEqual(known);
    const { agent: _, ...shared } = registryFile.$defs;
    expect($defs).toMatchObject(shared);
  });

  test("each key says whom it is for", () => {
    const forBoth = new Set(["mode", "timeoutSeconds", "notify"]);
    for (const [key, { description }] of Object.entries($defs.agent.properties)) {
      const kind = [...commandKeys, "x"].some((each) => each === key)
        ? "Command agent"
        : "Gateway agent";
      if (!forBoth.has(key)) expect(description).toMatch(new RegExp(`^${kind}`));
    }
  });
});

test("every key of every object is described", () => {
  const missing: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (path.endsWith("/properties") && !("description" in child)) missing.push(`${path}/${key}`);
      visit(child, `${path}/${key}`);
    }
  };
  visit(configFile, "");
  visit(registryFile, "");
  expect(missing).toEqual([]);
});

test("a document that is right leaves no complaint of the one before", () => {
  expect(configSchema.accepts([])).toBe(false);
  expect(configSchema.errors()).toHaveLength(1);
  expect(configSchema.accepts({})).toBe(true);
  expect(configSchema.errors()).toEqual([]);
  expect(registrySchema.accepts({ agents: {} })).toBe(true);
  expect(registrySchema.errors()).toEqual([]);
});

test("a complaint that has no words of its own keeps the validator's", () => {
  const error = { instancePath: "/x", keyword: "format", params: {} };
  expect(describeShape([{ ...error, message: "must be odd" }, error], {})).toEqual([
    { at: "/x", message: "must be odd" },
    { at: "/x", message: "is not allowed here" },
  ]);
  const type = { instancePath: "/x", keyword: "type", params: { type: "bigint" } };
  expect(describeShape([type], {})).toEqual([
    { at: "/x", message: "must be bigint, not undefined" },
  ]);
  const words = { instancePath: "/x", keyword: "enum", params: {} };
  expect(describeShape([words], { x: 1 })).toEqual([{ at: "/x", message: "must be " }]);
});
