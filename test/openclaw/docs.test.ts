import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { buildHooks } from "./gateway-config.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "openclaw.md"), "utf8");
const [hooksBlock = "", configBlock = ""] = [...page.matchAll(/```json\n([\s\S]+?)```/g)].map(
  ([, block = ""]) => block,
);
const home = realpathSync(mkdtempSync(join(tmpdir(), "delegate-docs-")));
afterAll(() => rmSync(home, { recursive: true }));

test("the hooks that the documentation shows are the ones that the suites run against", () => {
  const { hooks }: { hooks: unknown } = JSON.parse(hooksBlock);
  expect(hooks).toEqual(buildHooks("<the hook token>", ["main", "researcher"]));
});

test("the config that the documentation shows is accepted", async () => {
  await mkdir(join(home, ".config"), { mode: 0o700 });
  await writeFile(join(home, ".config", "delegate-hook.token"), "secret\n", { mode: 0o600 });
  await writeFile(join(home, "delegate.config.json"), configBlock, { mode: 0o600 });
  const loaded = loadConfig({ explicitPath: null, env: { HOME: home }, cwd: home });
  expect(loaded).toMatchObject({
    ok: true,
    value: {
      agents: {
        main: { hookPath: "/hooks/agent", agentId: "main" },
        researcher: { hookPath: "/hooks/delegate/researcher", agentId: "researcher" },
      },
    },
  });
});
