import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeDecision } from "../../../src/cli/flow/telling/take-decision.ts";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import { endOfApproval } from "../../../src/flows/steps/approve-end.ts";
import { endOfDecision, waitForPerson } from "../../../src/flows/steps/ask-end.ts";
import type { FlowStore } from "../../../src/flows/store.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import type { Execute } from "../../../src/flows/work.ts";
import type { AnswerReport } from "../../../src/telegram/answer-wording.ts";
import type { AskedStep } from "../../../src/telegram/flow/asked-step.ts";
import type { StepChoice } from "../../../src/telegram/flow/step-choice.ts";
import { wantedIn } from "../../../src/telegram/flow/wanted-steps.ts";
import { approvalWish, askedStep } from "../../telegram/flow/shown-flow.ts";
import { approve, ask, flowOf, requestOf } from "../written-flow.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";

const flow = flowOf([
  approve("ok", { requiredApprovers: ["@eva", "tom", "@ann"] }),
  ask("which", { options: ["red", "blue"], answer: "option" }),
]);

/** People's steps, carried out as they are. */
const carryOut: Execute = async ({ work, decision }) => {
  if (work.kind === "approve") return endOfApproval(work, { text: null, digest: "d1" }, decision);
  if (work.kind !== "ask") throw new Error(`${work.kind} is not for people`);
  return decision === null ? waitForPerson(work, null) : endOfDecision(work, decision);
};

let folder: string;
let store: FlowStore;
let leaving: AbortController;
let work: Promise<unknown>;

beforeEach(async () => {
  folder = temporaryFolder();
  writeFileSync(join(folder, "delegate.config.json"), '{"agents":{}}');
  const opened = openSqliteStore({
    path: join(folder, "handoffs/.flows/flows.sqlite"),
    loadEvaluator: async () => createEvaluator(),
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  store = opened.value;
  await store.create(requestOf(flow, { flowRunId: "t-296" }));
  leaving = new AbortController();
  work = store.work(carryOut, {
    signal: leaving.signal,
    only: null,
    limits: { steps: 10, agents: {}, groups: {} },
    idleMs: null,
    warn: () => undefined,
  });
});

afterEach(async () => {
  leaving.abort();
  await work;
  await store.close();
});

/** A step as people were asked for it. */
async function asked(taskKey: string): Promise<AskedStep> {
  for (;;) {
    const state = await store.read("t-296");
    const tasks = state.ok && state.value !== null ? state.value.tasks : new Map();
    const wanted = wantedIn({ tasks }).find((one) => one.taskKey === taskKey);
    if (wanted?.kind === "step") return of({ ...askedStep(wanted.wish), taskKey });
    await store.changed(AbortSignal.timeout(1_000));
  }
}

function of(step: AskedStep): AskedStep {
  return { ...step, configPath: join(folder, "delegate.config.json") };
}

function decide(step: AskedStep, choice: StepChoice, by: string): Promise<AnswerReport> {
  return takeDecision(step, choice, by, { env: {} });
}

const yes = { kind: "approve", note: null } as const;
const no = { kind: "reject", note: "no tests" } as const;

test("the first decision counts, and whoever comes second is told who was faster", async () => {
  const step = await asked("ok");
  const end = { kind: "decided", decision: "approved", by: "@eva", note: null };
  expect(await decide(step, yes, "@eva")).toEqual({ kind: "taken", end, todo: null });
  // What was received may come again after a crash.
  expect(await decide(step, yes, "@eva")).toEqual({ kind: "taken", end, todo: null });
  expect(await decide(step, yes, "tom")).toEqual({ kind: "too_late", end });
  expect(await decide(step, no, "tom")).toEqual({ kind: "too_late", end });
});

test("a rejection has its reason", async () => {
  const step = await asked("ok");
  await decide(step, no, "tom");
  const end = { kind: "decided", decision: "rejected", by: "tom", note: "no tests" };
  expect(await decide(step, yes, "@eva")).toEqual({ kind: "too_late", end });
});

test("only those whom the file names may approve, and never who began it", async () => {
  const step = await asked("ok");
  expect(await decide(step, yes, "Bob (8)")).toEqual({
    kind: "refused",
    reason: 'Bob (8) may not decide about "ok"; one of these may: @eva, tom',
  });
  expect(await decide(step, yes, "@Ann")).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("@Ann has started the flow run"),
  });
});

test("an approval of what is shown no more counts for nothing", async () => {
  const step = { ...(await asked("ok")), wish: { ...approvalWish, digest: "d0" } };
  expect(await decide(step, yes, "@eva")).toEqual({
    kind: "too_late",
    end: { kind: "asked_anew" },
  });
});

test("an answer is one that the question can have", async () => {
  const step = await asked("which");
  expect(await decide(step, { kind: "answer", text: "green" }, "@eva")).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining('"green" does not answer "which"'),
  });
  const end = { kind: "answered", text: "red", by: "@eva", onProposalOf: null };
  expect(await decide(step, { kind: "answer", text: "red" }, "@eva")).toMatchObject({ end });
  expect(await decide(step, { kind: "answer", text: "blue" }, "tom")).toEqual({
    kind: "too_late",
    end,
  });
});

test("what can't be decided is refused", async () => {
  const step = await asked("ok");
  expect(await decide({ ...step, flowRunId: "other" }, yes, "@eva")).toEqual({ kind: "unknown" });
  const recover = { kind: "recover", choice: "rerun" } as const;
  expect(await decide({ ...step, wish: { kind: "recovery" } }, recover, "@eva")).toMatchObject({
    end: { kind: "asked_anew" },
  });
  const nowhere = join(folder, "none.json");
  expect(await decide({ ...step, configPath: nowhere }, yes, "@eva")).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("none.json"),
  });
});
