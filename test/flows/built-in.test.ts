import { join } from "node:path";
import { expect, test } from "vitest";
import { builtInFlowsFolder, flowFoldersOf } from "../../src/cli/flow/flow-folders.ts";
import { loadFlow } from "../../src/flows/file/load-flow.ts";
import { flowNames, locateFlow } from "../../src/flows/file/locate.ts";

const folders = flowFoldersOf(null);

test("there are flows built in", () => {
  expect(flowNames(folders)).toEqual(expect.arrayContaining(["build", "investigate", "review"]));
});

test.each(flowNames(folders))("the built-in flow %s has no problem", async (name) => {
  const located = locateFlow(name, "/", folders);
  if (!located.ok) throw new Error(located.failure.message);
  expect(located.value).toBe(join(builtInFlowsFolder(), `${name}.yaml`));
  const loaded = await loadFlow(located.value, folders);
  expect(loaded.ok ? loaded.flow.name : loaded.problems).toBe(name);
});
