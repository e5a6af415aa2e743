import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";

const secret = new Secret("s3cr3t");

describe("a secret", () => {
  test.each([
    ["in a text", String(secret)],
    ["in JSON", JSON.stringify({ secret })],
    ["in an inspected object", inspect({ secret }, { depth: null, showHidden: true })],
    ["copied into an object", JSON.stringify(Object.assign({}, secret))],
    ["in an error's message", new Error(`no: ${String(secret)}`).message],
  ])("is hidden %s", (_place, text) => {
    expect(text).not.toContain("s3cr3t");
  });

  test("prints as [hidden]", () => {
    expect(String(secret)).toBe("[hidden]");
    expect(JSON.stringify([secret])).toBe('["[hidden]"]');
    expect(inspect(secret)).toBe("[hidden]");
  });

  test("is known to the one who asks for it", () => {
    expect(secret.reveal()).toBe("s3cr3t");
  });

  test("is taken out of what others write, each time that it is there", () => {
    expect(secret.redact("token s3cr3t is wrong: s3cr3t")).toBe(
      "token [hidden] is wrong: [hidden]",
    );
    expect(new Secret("$&").redact("a $& b")).toBe("a [hidden] b");
  });

  test("leaves a text alone when it is empty", () => {
    expect(new Secret("").redact("some text")).toBe("some text");
  });
});
