import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readToken } from "../../src/config/token.ts";
import { putFile, tempFolder } from "./temp-folder.ts";

function revealed(result: ReturnType<typeof readToken>): string | null {
  return result.ok ? (result.value?.reveal() ?? null) : null;
}

describe("a token", () => {
  test("is not needed by every agent", () => {
    expect(readToken(null, {})).toEqual({ ok: true, value: null });
  });

  test("comes from a variable, and prints as hidden", () => {
    const result = readToken({ env: "T" }, { T: "sk-1" });
    expect(revealed(result)).toBe("sk-1");
    expect(JSON.stringify(result)).not.toContain("sk-1");
  });

  test("comes from a file, without the line break at its end", () => {
    const folder = tempFolder();
    for (const text of ["sk-1", "sk-1\n", "sk-1\r\n", "\uFEFFsk-1\n"]) {
      expect(revealed(readToken({ file: putFile(folder, "t", text) }, {}))).toBe("sk-1");
    }
  });

  test.each([
    [{}, "the variable T, which holds the token, is not set"],
    [{ T: "" }, "the variable T, which holds the token, is empty"],
    [{ T: " \n" }, "the variable T, which holds the token, is empty"],
    [{ T: "sk-1\nX-Evil: 1" }, "the variable T holds something that can't be a token"],
    [{ T: "sk-ü" }, "the variable T holds something that can't be a token"],
  ])("from the variable %j is refused", (env: Record<string, string>, message) => {
    const result = readToken({ env: "T" }, env);
    expect(result).toMatchObject({ ok: false, failure: { code: "config_invalid", message } });
    expect(JSON.stringify(result)).not.toContain("sk-");
  });

  test.each([
    ["", "is empty"],
    ["\n", "is empty"],
    ["sk-1\n\n", "holds something that can't be a token"],
    ["sk-1\u0000", "holds something that can't be a token"],
  ])("from a file with %j is refused", (text, message) => {
    const result = readToken({ file: putFile(tempFolder(), "t", text) }, {});
    expect(result).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining(message) },
    });
    expect(JSON.stringify(result)).not.toContain("sk-");
  });

  test.each([
    ["640", "can be read by other users"],
    ["604", "can be read by other users"],
    ["622", "can be changed by other users"],
  ])("from a file with mode %s is refused", (mode, message) => {
    const file = putFile(tempFolder(), "t", "sk-1");
    chmodSync(file, Number.parseInt(mode, 8));
    expect(readToken({ file }, {})).toMatchObject({
      ok: false,
      failure: { message: `the token file ${file} ${message}`, hint: `chmod 600 ${file}` },
    });
  });

  test("from a file that is not there, or a folder, is refused", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "dir"));
    expect(readToken({ file: join(folder, "gone") }, {})).toMatchObject({
      failure: { message: expect.stringContaining("does not exist") },
    });
    expect(readToken({ file: join(folder, "dir") }, {})).toMatchObject({
      failure: { message: expect.stringContaining("is a folder") },
    });
  });
});
