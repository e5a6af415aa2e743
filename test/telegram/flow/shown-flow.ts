import type { FlowEvent, FlowHappening } from "../../../src/flows/event.ts";
import type { FlowRequest } from "../../../src/flows/flow-run.ts";
import type { Flow } from "../../../src/flows/flow.ts";
import { applyToProgress, newFlowProgress } from "../../../src/telegram/flow/flow-progress.ts";
import type { FlowProgress } from "../../../src/telegram/flow/flow-progress.ts";
import type { AskedStep, StepWish } from "../../../src/telegram/flow/asked-step.ts";
import { requestOf } from "../../flows/written-flow.ts";
import { START } from "../samples.ts";

/** The events of a flow run, one thing a second. */
export function flowEvents(happenings: readonly FlowHappening[]): readonly FlowEvent[] {
  const created = { type: "flow_created", name: "build", author: "ann" } as const;
  return [created, ...happenings].map((happening, index) => ({
    flowRunId: "t-296",
    seq: index + 1,
    at: new Date(START + index * 1_000).toISOString(),
    ...happening,
  }));
}

/** What is told of a flow run to which all of this has happened. */
export function progressAfter(
  flow: Flow,
  happenings: readonly FlowHappening[],
  more: Partial<FlowRequest> = {},
): FlowProgress {
  const request = requestOf(flow, { flowRunId: "t-296", ...more });
  return applyToProgress(newFlowProgress(request), flowEvents(happenings));
}

export const approvalWish = {
  kind: "approval",
  message: "Commit it?",
  shown: null,
  digest: "e7de5f1488d5aaaaaaaaaaaa",
  requiredApprovers: [],
} as const satisfies StepWish;

export const questionWish = {
  kind: "question",
  question: "Which database?",
  options: ["PostgreSQL", "SQLite"],
  answer: "option",
  proposal: null,
} as const satisfies StepWish;

/** A step for which people were asked. */
export function askedStep(wish: StepWish, more: Partial<AskedStep> = {}): AskedStep {
  return {
    schema: "delegate.telegram-step.v1",
    key: "0123456789abcdef",
    flowRunId: "t-296",
    flow: "build",
    taskKey: "ok",
    wish,
    configPath: "/nowhere/delegate.config.json",
    place: null,
    ...more,
  };
}
