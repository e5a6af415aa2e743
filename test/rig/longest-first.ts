import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** What takes longest, as its own order says; a file's size, by which a first run goes, says nothing of these. */
const longest = [
  "flows/sqlite/conformance",
  "flows/chaos",
  "scenarios/built",
  "scenarios/demo",
  "flows/built-in/build",
  "scenarios/telegram",
  "flows/scenarios/",
  "flows/steps/command-output",
  "scenarios/",
  "flows/built-in/",
  "local/",
];

/** Begins what takes long before the rest, so that no processor waits at the end for one file. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.findIndex((part) => moduleId.includes(`/test/${part}`));
  return rank === -1 ? longest.length : rank;
}
