import { describe, expect, test } from "vitest";
import { readGatewayUrl } from "../../src/config/gateway-url.ts";

describe("the URL of a gateway", () => {
  test.each([
    ["http://127.0.0.1:18789", "http://127.0.0.1:18789", false],
    ["http://127.0.0.1:18789/", "http://127.0.0.1:18789", false],
    ["http://127.9.9.9:1", "http://127.9.9.9:1", false],
    ["http://localhost:1", "http://localhost:1", false],
    ["http://[::1]:1", "http://[::1]:1", false],
    ["https://agents.example.com", "https://agents.example.com", false],
    ["http://agents.example.com:1", "http://agents.example.com:1", true],
    ["http://127.0.0.1.example.com", "http://127.0.0.1.example.com", true],
    ["http://localhost.example.com", "http://localhost.example.com", true],
    ["http://0.0.0.0:1", "http://0.0.0.0:1", true],
    ["http://10.0.0.1:1", "http://10.0.0.1:1", true],
  ])("%s is %s, readable on its way to another machine: %s", (text, origin, isPlain) => {
    expect(readGatewayUrl(text)).toEqual({ ok: true, origin, isPlain });
  });

  test.each([
    ["127.0.0.1:18789", "must be like"],
    ["localhost:18789", "must be like"],
    ["ftp://127.0.0.1", "must be like"],
    ["http://", "must be like"],
    ["http://me:secret@127.0.0.1", "must not contain a user or a password"],
    ["http://127.0.0.1?token=secret", "must not contain a query"],
    ["http://127.0.0.1#x", "must not contain a query"],
    ["http://127.0.0.1/hooks/agent", "must not contain a path"],
  ])("%s is refused: %s", (text, what) => {
    const url = readGatewayUrl(text);
    expect(url).toEqual({ ok: false, what: expect.stringContaining(what) });
    expect(JSON.stringify(url)).not.toContain("secret");
  });
});
