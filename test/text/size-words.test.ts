import { expect, test } from "vitest";
import { sizeWords } from "../../src/text/size-words.ts";

test.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1024, "1 KiB"],
  [100_000, "97.7 KiB"],
  [3 * 1024 ** 3, "3 GiB"],
  [2048 * 1024 ** 3, "2048 GiB"],
])("%d bytes are %s", (bytes, words) => expect(sizeWords(bytes)).toBe(words));
