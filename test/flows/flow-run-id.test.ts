import { expect, test } from "vitest";
import { canBeFlowRunId } from "../../src/flows/flow-run-id.ts";

test.each(["commands", "Commands", "flows.sqlite", "FLOWS.sqlite-wal", "flows.sqlite-bell"])(
  "%s is no flow run's: it is the name of what belongs to all of them",
  (id) => expect(canBeFlowRunId(id)).toBe(false),
);

test.each(["../x", ".x", "a/b", ""])("%j is no flow run's: it would leave its folder", (id) =>
  expect(canBeFlowRunId(id)).toBe(false),
);

test.each(["commands-2", "flows", "01m7ze6s6nx2w4qj15d43b24kn"])("%s may be one's", (id) =>
  expect(canBeFlowRunId(id)).toBe(true),
);
