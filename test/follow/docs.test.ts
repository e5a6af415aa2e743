import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { happeningTypes } from "../../src/events/event.ts";

test("docs/watching.md explains every type of event", () => {
  const docs = readFileSync(new URL("../../docs/watching.md", import.meta.url), "utf8");
  const missing = Object.keys(happeningTypes).filter(
    (type) => !new RegExp(`^\\| \`${type}\` +\\|`, "m").test(docs),
  );
  expect(missing).toEqual([]);
});
