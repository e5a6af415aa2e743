import { expect, it } from "vitest";
import type { AgentEnd, CompletionStatus } from "../../src/gateway/hook.ts";
import { createDispatcher } from "../../src/local/dispatch.ts";
import type { Dispatcher } from "../../src/local/dispatch.ts";
import { Rig } from "./rig.ts";

/** A dispatcher whose runs end when the test says so. */
function rigOf(maxConcurrent: number, rememberedRuns: number) {
  const rig = new Rig({ a: {} }, { maxConcurrent });
  const agent = rig.config.agents["a"];
  if (agent?.kind !== "command") throw new Error("no command agent");
  const call = {
    agent,
    config: rig.config,
    message: "hi",
    timeoutSeconds: null,
    waitForCompletion: false,
    fingerprint: null,
  };
  const runs: { runId: string; end: (status: CompletionStatus) => void }[] = [];
  const dispatcher: Dispatcher = createDispatcher({
    start: (_, runId) => {
      const { promise, resolve } = Promise.withResolvers<AgentEnd>();
      runs.push({ runId, end: (completion) => resolve({ completion }) });
      return {
        started: Promise.resolve(),
        ended: promise,
        runId: null,
        stop: () => resolve({ completion: "error" }),
      };
    },
    createRunId: () => `g${(created += 1)}`,
    admissionMs: 10_000,
    rememberedRuns,
    log: () => {},
    onRunEnded: () => {},
  });
  let created = 0;
  return { rig, call, runs, dispatcher };
}

it("only so many finished runs are remembered, and none that still runs is forgotten", async () => {
  const { rig, call, runs, dispatcher } = rigOf(10, 2);
  const idOf = async (key: string): Promise<string> => {
    const admission = await dispatcher.submit(call, key, null);
    return admission.kind === "draining" ? "" : admission.runId;
  };
  const running = await idOf("running");
  for (const key of ["a", "b", "c"]) {
    const runId = await idOf(key);
    runs.find((run) => run.runId === runId)?.end("ok");
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(await idOf("running")).toBe(running);
  expect(await idOf("c")).toBe("g4");
  expect(await idOf("a")).toBe("g5");
  await dispatcher.stop();
  await rig.dispose();
});

it("places are given in order, and a stop ends what runs and refuses what waits", async () => {
  const { rig, call, runs, dispatcher } = rigOf(1, 10);
  const [first, second, third] = [1, 2, 3].map(() => dispatcher.submit(call, null, null));
  const admitted = await first;
  expect(runs.map(({ runId }) => runId)).toEqual(["g1"]);
  runs[0]?.end("ok");
  expect(admitted?.kind === "admitted" && (await admitted.completion)).toEqual({
    completion: "ok",
  });
  expect(await second).toMatchObject({ kind: "admitted", runId: "g2" });
  expect(dispatcher.activeCount()).toBe(2);
  await dispatcher.stop();
  expect(await third).toEqual({ kind: "draining" });
  expect(await dispatcher.submit(call, "new", null)).toEqual({ kind: "draining" });
  expect(dispatcher.activeCount()).toBe(0);
  await rig.dispose();
});
