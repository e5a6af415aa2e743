import { describe, expect, it } from "vitest";
import { exitCodeOfStepFailure } from "../../src/flows/failure.ts";

describe("the exit code of a flow that failed", () => {
  it("is that of the step's failure, also of a run's", () => {
    expect(exitCodeOfStepFailure("budget_exhausted")).toBe(8);
    expect(exitCodeOfStepFailure("timeout")).toBe(3);
  });

  it("is 1 for a failure of a newer version", () => {
    expect(exitCodeOfStepFailure("not_known_yet")).toBe(1);
  });
});
