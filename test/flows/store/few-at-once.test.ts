import { describe, expect, test } from "vitest";
import { fewAtOnce } from "../../../src/flows/store/few-at-once.ts";

function having(...tasks: readonly number[]): readonly { id: string; tasks: number }[] {
  return tasks.map((count, place) => ({ id: `f${place}`, tasks: count }));
}

describe("of the flow runs to be removed", () => {
  test("so many go at once as have few tasks in all", () => {
    expect(fewAtOnce(having(4_000, 6_000, 1))).toEqual(["f0", "f1"]);
    expect(fewAtOnce(having(1, 2, 3))).toEqual(["f0", "f1", "f2"]);
    expect(fewAtOnce(having())).toEqual([]);
  });

  test("one goes, however many tasks it has", () => {
    expect(fewAtOnce(having(50_000, 1))).toEqual(["f0"]);
  });
});
