import { expect, test } from "vitest";
import { starterConfig } from "../../src/config/init.ts";
import { loadConfig } from "../../src/config/load.ts";
import { readToken } from "../../src/config/token.ts";
import { putFile, tempFolder } from "./temp-folder.ts";

test("the config to start from loads as it is; only its token is still missing", () => {
  const folder = tempFolder();
  putFile(folder, "delegate.config.json", starterConfig());
  const result = loadConfig({ explicitPath: null, env: {}, cwd: folder });
  const lead = result.ok ? result.value.agents["tech-lead"] : undefined;
  expect(lead).toMatchObject({ kind: "gateway", token: { env: "OPENCLAW_HOOK_TOKEN" } });
  expect(readToken(lead?.kind === "gateway" ? lead.token : null, {})).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining("OPENCLAW_HOOK_TOKEN") },
  });
});
