import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { knownKeysAt } from "../../src/config/keys.ts";
import { presets } from "../../src/config/presets.ts";
import type { Preset, PresetCall } from "../../src/config/presets.ts";
import { loadConfig } from "../../src/config/load.ts";
import { putFile, tempFolder } from "./temp-folder.ts";

const docs = readFileSync(new URL("../../docs/config.md", import.meta.url), "utf8").replaceAll(
  / {2,}/g,
  " ",
);

describe("docs/config.md", () => {
  test.each(["", "/agents/a", "/telegram", "/questions", "/flows", "/store"])(
    "explains every key at %j",
    (pointer) => {
      const missing = knownKeysAt(pointer).filter(
        (key) => !docs.includes(`\n| \`${key}\` |`) && !docs.includes(`\n| \`${key}.`),
      );
      expect(missing).toEqual([]);
    },
  );

  test("shows each preset as it is", () => {
    for (const [name, preset] of Object.entries(presets)) {
      const [write, plan] = [show(preset, preset.write), show(preset, preset.plan)];
      expect(docs).toContain(`| \`${name}\` | ${preset.checkedVersion} | ${write} | ${plan} |`);
    }
  });

  test("has an example that loads once its files are there", () => {
    const folder = tempFolder();
    const example = /## Example\n+```json\n([^`]*)```/.exec(docs)?.[1] ?? "";
    putFile(folder, "webster.token", "t");
    putFile(folder, "count-words.sh", "#!/bin/sh\n", 0o700);
    const text = example.replaceAll("../app", ".");
    const path = putFile(folder, "delegate.config.json", text);
    expect(loadConfig({ explicitPath: path, env: {}, cwd: "/" })).toMatchObject({ ok: true });
  });
});

function show({ program, last }: Preset, call: PresetCall | null): string {
  if (call === null) return "none";
  const env = Object.entries(call.env).map(([name, value]) => `${name}='${value}'`);
  return `\`${[...env, program, ...call.args, ...last].join(" ")}\``;
}
