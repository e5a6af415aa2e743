import { describe, expect, test } from "vitest";
import { presetNames, presets, resolvePreset } from "../../src/config/presets.ts";

describe("a preset", () => {
  test("in write mode hands over by file", () => {
    expect(resolvePreset("codex", "write")).toEqual({
      ok: true,
      value: {
        program: "codex",
        args: [
          "exec",
          "--sandbox",
          "workspace-write",
          "--skip-git-repo-check",
          "--add-dir",
          "{handoffDir}",
        ],
        env: {},
        last: ["-"],
        prompt: "stdin",
        handoff: "file",
      },
    });
  });

  test("in plan mode hands over by what it prints, since it can't write a file", () => {
    for (const name of presetNames.filter((each) => presets[each]?.plan !== null)) {
      expect(resolvePreset(name, "plan")).toMatchObject({ ok: true, value: { handoff: "stdout" } });
    }
  });

  test("without a read-only mode is refused in plan mode, never run with write access", () => {
    expect(resolvePreset("gemini", "plan")).toMatchObject({
      ok: false,
      failure: {
        code: "config_invalid",
        message: 'the preset "gemini" has no read-only mode',
        hint: expect.stringContaining("claude, codex, opencode"),
      },
    });
  });

  test("that does not exist suggests the nearest one", () => {
    expect(resolvePreset("cluade", "write")).toMatchObject({
      ok: false,
      failure: { message: 'there is no preset "cluade"; did you mean "claude"?' },
    });
    expect(resolvePreset("constructor", "write").ok).toBe(false);
  });

  test("never says the same in both modes", () => {
    for (const [name, { write, plan }] of Object.entries(presets)) {
      expect(plan, name).not.toEqual(write);
    }
  });
});
