import { expect, test } from "vitest";
import { oneLine } from "../../src/text/one-line.ts";

test.each([
  ["", ""],
  [" \n two\t\n words ", "two words"],
  ["twelve chars", "twelve chars"],
  ["thirteen char", "thirteen ch…"],
  [`eleven and \u{1F600}x`, "eleven and …"],
  [`${" ".repeat(500)}late`, "late"],
])("%j on one line of 12 characters", (text, line) => {
  expect(oneLine(text, 12)).toBe(line);
});
