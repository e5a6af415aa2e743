import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter, MAX_LINE_BYTES } from "../../src/follow/lines.ts";

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

describe("lines of a growing file", () => {
  test("are the same however the file is cut into chunks, from one buffer that is used again", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", "")),
          {
            maxLength: 20,
          },
        ),
        fc.integer({ min: 1, max: 9 }),
        (lines, size) => {
          const whole = bytes(lines.map((line) => `${line}\n`).join(""));
          const buffer = Buffer.alloc(size);
          const splitter = new LineSplitter();
          const found: string[] = [];
          for (let start = 0; start < whole.length; start += size) {
            const length = whole.copy(buffer, 0, start, start + size);
            found.push(...splitter.push(buffer.subarray(0, length)));
          }
          expect(found).toEqual(lines.filter((line) => line !== ""));
        },
      ),
    );
  });

  test("wait for the rest of one that is cut off", () => {
    const splitter = new LineSplitter();
    expect(splitter.push(bytes('{"a":1}\n{"b"'))).toEqual(['{"a":1}']);
    expect(splitter.takeWhole()).toBeNull();
    expect(splitter.push(bytes(":2}\n"))).toEqual(['{"b":2}']);
  });

  test("include a last one that lacks only its line break", () => {
    const splitter = new LineSplitter();
    expect(splitter.push(bytes('{"a":{}'))).toEqual([]);
    expect(splitter.takeWhole()).toBeNull();
    expect(splitter.push(bytes("}"))).toEqual([]);
    expect(splitter.takeWhole()).toBe('{"a":{}}');
    expect(splitter.takeWhole()).toBeNull();
    expect(splitter.push(bytes("\n"))).toEqual([]);
  });

  test("can be begun anew, without what was cut off", () => {
    const splitter = new LineSplitter();
    splitter.push(bytes("torn"));
    splitter.reset();
    expect(splitter.push(bytes("whole\n"))).toEqual(["whole"]);
  });

  test("leave out one that is longer than any of ours, and go on behind it", () => {
    const splitter = new LineSplitter();
    const block = Buffer.alloc(MAX_LINE_BYTES / 2 + 1, "x");
    expect(splitter.push(block)).toEqual([]);
    expect(splitter.push(block)).toEqual([]);
    expect(splitter.takeWhole()).toBeNull();
    expect(splitter.push(bytes("x\nnext\n"))).toEqual(["next"]);
  });
});
