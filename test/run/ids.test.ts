import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runIdPattern } from "../../src/handoff/paths.ts";
import { createdAtOfRunId, newRunId, RUN_ID_RANDOM_BYTES } from "../../src/run/ids.ts";

const instant = fc.integer({ min: 0, max: 2 ** 45 - 1 });
const dice = fc.uint8Array({ minLength: RUN_ID_RANDOM_BYTES, maxLength: RUN_ID_RANDOM_BYTES });

describe("a new run id", () => {
  test("can be a folder's name, and tells when it was made", () => {
    fc.assert(
      fc.property(instant, dice, (ms, bytes) => {
        const id = newRunId(ms, bytes);
        expect(id).toMatch(runIdPattern);
        expect(id).toHaveLength(26);
        expect(createdAtOfRunId(id)).toBe(ms);
      }),
    );
  });

  test("sorts by time, whatever the dice say", () => {
    fc.assert(
      fc.property(instant, instant, dice, dice, (one, other, these, those) => {
        fc.pre(one < other);
        expect(newRunId(one, these) < newRunId(other, those)).toBe(true);
      }),
    );
  });

  test("differs from another one of the same millisecond as the dice differ", () => {
    const bytes = new Uint8Array(RUN_ID_RANDOM_BYTES);
    const others = Uint8Array.from(bytes, () => 31);
    expect(newRunId(1, bytes)).toBe("0000000001" + "0".repeat(16));
    expect(newRunId(1, others)).toBe("0000000001" + "z".repeat(16));
  });

  test("drops a clock's fractions", () => {
    expect(createdAtOfRunId(newRunId(1_234.9, new Uint8Array(16)))).toBe(1_234);
  });
});

describe("an id that somebody chose", () => {
  test.each([
    "nightly",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "01arz3ndektsv4rrffq69g5fa",
    "01arz3ndektsv4rrffq69g5favx",
    "81arz3ndektsv4rrffq69g5fav",
    "01arz3ndektsv4rrffq69g5fal",
  ])("%s tells no time", (id) => {
    expect(createdAtOfRunId(id)).toBeNull();
  });

  test("built on one of ours tells its time", () => {
    expect(createdAtOfRunId("01arz3ndektsv4rrffq69g5fav.review")).toBe(1_469_922_850_259);
  });
});
