import { expect, test } from "vitest";
import { killWorkers } from "../flows/chaos/kill-workers.ts";
import { postgres } from "./postgres-kind.ts";

test("workers are killed at random moments: all ends well, and nothing finished is done again", async () => {
  const { kills, problems } = await killWorkers({
    kind: postgres,
    kills: 8,
    random: Math.random,
    tell: () => undefined,
  });
  expect({ kills, problems }).toEqual({ kills: 8, problems: [] });
});
