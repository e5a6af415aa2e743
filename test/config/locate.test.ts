import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locateConfig } from "../../src/config/locate.ts";
import { putFile, tempFolder } from "./temp-folder.ts";

function places() {
  const root = tempFolder();
  const deep = join(root, "project", "a", "b");
  const home = join(root, "home");
  mkdirSync(deep, { recursive: true });
  mkdirSync(join(home, ".config", "delegate"), { recursive: true });
  mkdirSync(join(home, "xdg", "delegate"), { recursive: true });
  return { root, deep, home, project: join(root, "project") };
}

const name = "delegate.config.json";

describe("the config is looked for", () => {
  test("where --config says, before anything else, even if nothing is there", () => {
    const { deep } = places();
    putFile(deep, name, {});
    const env = { DELEGATE_CONFIG: "/other.json" };
    expect(locateConfig({ explicitPath: "mine.json", env, cwd: deep })).toEqual({
      ok: true,
      value: join(deep, "mine.json"),
    });
    expect(locateConfig({ explicitPath: "", env, cwd: deep })).toMatchObject({
      ok: false,
      failure: { code: "config_invalid", message: "--config names no file" },
    });
  });

  test("then where DELEGATE_CONFIG says; an empty one counts as unset", () => {
    const { deep } = places();
    putFile(deep, name, {});
    expect(
      locateConfig({ explicitPath: null, env: { DELEGATE_CONFIG: "x.json" }, cwd: deep }),
    ).toEqual({
      ok: true,
      value: join(deep, "x.json"),
    });
    expect(locateConfig({ explicitPath: null, env: { DELEGATE_CONFIG: "" }, cwd: deep })).toEqual({
      ok: true,
      value: join(deep, name),
    });
  });

  test("then upwards, and the nearest one wins", () => {
    const { root, deep, project } = places();
    putFile(root, name, {});
    const far = putFile(project, name, {});
    expect(locateConfig({ explicitPath: null, env: {}, cwd: deep })).toEqual({
      ok: true,
      value: far,
    });
  });

  test("then in the XDG folder, which is below home when unset or relative", () => {
    const { deep, home } = places();
    const below = putFile(join(home, ".config", "delegate"), name, {});
    const xdg = putFile(join(home, "xdg", "delegate"), name, {});
    const locate = (env: Record<string, string>) =>
      locateConfig({ explicitPath: null, env, cwd: deep });
    expect(locate({ HOME: home, XDG_CONFIG_HOME: join(home, "xdg") })).toEqual({
      ok: true,
      value: xdg,
    });
    expect(locate({ HOME: home, XDG_CONFIG_HOME: "xdg" })).toEqual({ ok: true, value: below });
    expect(locate({ HOME: home, XDG_CONFIG_HOME: "" })).toEqual({ ok: true, value: below });
    expect(locate({ USERPROFILE: home })).toEqual({ ok: true, value: below });
  });

  test("nowhere: says so, and how to get one", () => {
    const { deep, home } = places();
    for (const env of [{}, { HOME: "relative" }, { HOME: home }]) {
      expect(locateConfig({ explicitPath: null, env, cwd: deep })).toMatchObject({
        ok: false,
        failure: { code: "config_invalid", hint: expect.stringContaining("delegate init") },
      });
    }
  });

  test("past places that can't be looked into", () => {
    const { deep } = places();
    const home = `${deep}/${"x".repeat(300)}`;
    expect(locateConfig({ explicitPath: null, env: { HOME: home }, cwd: deep }).ok).toBe(false);
  });
});
