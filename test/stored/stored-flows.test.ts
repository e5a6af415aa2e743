import { cpSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Execute, Job } from "../../src/flows/work.ts";
import { sqlite } from "../flows/conformance/kinds.ts";
import { valueOf } from "../flows/conformance/rig.ts";
import { decided, digestOf } from "../flows/conformance/steered-steps.ts";
import type { StoreKind } from "../flows/conformance/store-kind.ts";
import { quickPace } from "../flows/conformance/pace.ts";
import { storeTest } from "../flows/conformance/store-test.ts";

/* Flow runs as the first version left them, with a worker that is gone. Whatever changes, they must load and go on. */

const stored: StoreKind = {
  ...sqlite,
  newPlace: async (folder) => {
    const path = await sqlite.newPlace(folder);
    mkdirSync(dirname(path), { mode: 0o700 });
    cpSync(new URL("flows-v1/flows.sqlite", import.meta.url), path);
    return path;
  },
};

/** Every command and every agent says "good". */
function sayGood(begun: Job[]): Execute {
  return async (job) => {
    begun.push(job);
    const { work, decision } = job;
    if (work.kind === "approve") return decided(work.message, decision, work.requiredApprovers);
    return { end: "done", output: { exitCode: 0, stdout: "good" }, usage: null };
  };
}

storeTest("old flow runs are listed and told", async ({ newRig, expect }) => {
  const rig = await newRig(stored, quickPace);
  const listed = valueOf(await rig.store.list({ name: null, status: null, limit: 100 }));
  expect(Object.fromEntries(listed.map(({ flowRunId, status }) => [flowRunId, status]))).toEqual({
    canceled: "canceled",
    complete: "complete",
    each: "running",
    failed: "failed",
    rests: "running",
    runs: "running",
    unknown: "running",
    waits: "waiting",
  });
  expect((await rig.state("complete")).end).toEqual({ status: "complete" });
  expect((await rig.events("failed")).at(-1)).toMatchObject({
    type: "flow_ended",
    end: { status: "failed", key: "bad", failure: { code: "command_failed" } },
  });
});

storeTest(
  "what an old worker was at is taken over, with all that came before",
  async ({ newRig, expect }) => {
    const rig = await newRig(stored, quickPace);
    const begun: Job[] = [];
    void rig.work({}, sayGood(begun));
    expect((await rig.untilEnded("runs")).end).toEqual({ status: "complete" });
    expect((await rig.untilEnded("each")).end).toEqual({ status: "complete" });
    const told = begun.map(({ flowRunId, key, attempt }) => `${flowRunId} ${key} ${attempt}`);
    expect(told.filter((words) => words.startsWith("runs"))).toEqual([
      "runs work.2.hangs 1",
      "runs after 1",
    ]);
    expect(told).not.toContain("each each.1.one 1");
    expect(begun.find(({ runId }) => runId === "runs.hangs.2.1")?.work).toMatchObject({
      task: "again: so far",
    });
    const { tasks } = await rig.state("each");
    expect(tasks.get("each")).toMatchObject({ output: { count: 4, failed: 0 } });
  },
);

storeTest("an old approval is given", async ({ newRig, expect }) => {
  const rig = await newRig(stored, quickPace);
  const decision = {
    kind: "approved",
    by: "bob",
    note: null,
    digest: digestOf("Go on with so far?"),
  } as const;
  expect(await rig.signal("waits", { kind: "decide", key: "ok", decision })).toEqual({
    kind: "taken",
  });
  void rig.work({}, sayGood([]));
  expect((await rig.untilEnded("waits")).end).toEqual({ status: "complete" });
});

storeTest("an old approval goes to the next in line", async ({ newRig, expect }) => {
  const rig = await newRig(stored, quickPace);
  const rules = { ageMinutes: 1, escalateTo: ["anna"] };
  void rig.work({ escalation: { rules, tell: () => undefined } }, sayGood([]));
  const { tasks } = await rig.until("waits", "anna", (state) => {
    const task = state.tasks.get("ok");
    return task?.status === "waiting" && task.asked?.goneTo.join() === "anna";
  });
  const asked = (await rig.events("waits")).find(({ type }) => type === "step_waiting");
  expect(tasks.get("ok")).toMatchObject({ asked: { atMs: Date.parse(asked?.at ?? "") } });
});

storeTest("an old step whose end nobody knows is asked about", async ({ newRig, expect }) => {
  const rig = await newRig(stored, quickPace);
  const begun: Job[] = [];
  void rig.work({}, sayGood(begun));
  await rig.untilTask("unknown", "hangs", "undecided");
  await rig.signal("unknown", { kind: "recover", key: "hangs", choice: "skip" });
  expect((await rig.untilEnded("unknown")).end).toEqual({ status: "complete" });
  expect(begun.map(({ flowRunId, key }) => `${flowRunId} ${key}`)).not.toContain("unknown hangs");
});

storeTest(
  "an old failure is tried again, and an old retry comes when it is due",
  async ({ newRig, expect }) => {
    const rig = await newRig(stored, quickPace);
    const begun: Job[] = [];
    void rig.work({}, sayGood(begun));
    await rig.signal("failed", { kind: "retry_from", key: "bad" });
    expect((await rig.untilEnded("failed")).end).toEqual({ status: "complete" });
    expect((await rig.untilEnded("rests")).end).toEqual({ status: "complete" });
    expect(begun.find(({ flowRunId }) => flowRunId === "rests")).toMatchObject({ attempt: 2 });
    expect(begun.find(({ flowRunId }) => flowRunId === "failed")).toMatchObject({
      key: "bad",
      attempt: 2,
    });
  },
);
