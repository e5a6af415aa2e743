import { expect, test } from "vitest";
import { shellWord } from "../../src/text/shell-quote.ts";

test.each([
  ["/srv/handoffs/r1/attempt-1.json", "/srv/handoffs/r1/attempt-1.json"],
  ["/srv/my handoffs/a.json", "'/srv/my handoffs/a.json'"],
  ["/srv/it's/a.json", String.raw`'/srv/it'\''s/a.json'`],
  ["", "''"],
])("a shell takes %j as %s", (path, quoted) => {
  expect(shellWord(path)).toBe(quoted);
});
