import { describe } from "vitest";
import { answerAtOnce, sendJson } from "../../rig/steered-gateway.ts";
import type { HookBehavior } from "../../rig/steered-gateway.ts";
import { question } from "./rig.ts";
import { scenario } from "./scenario.ts";

const waiting = {
  kind: "question",
  question: "How many?",
  options: [],
  answer: "number",
  proposal: null,
};

/** A foreman that hands this over. */
function verdict(data: object, more: object = {}): HookBehavior {
  return answerAtOnce({ data: { reason: "it is safer", ...data }, ...more });
}

describe("a question to a person", () => {
  scenario("waits for an answer of its kind", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.carryOut(question())).toEqual({ end: "waiting", waiting });
    const answered = (answer: string) =>
      rig.carryOut(question(), { decision: { kind: "answered", by: "ben", answer } });
    expect(await answered(" 2.5 ")).toEqual({
      end: "done",
      output: { answer: 2.5, by: "ben" },
      usage: null,
    });
    expect(await answered("many")).toEqual({ end: "waiting", waiting });
  });

  scenario("is not answered by what decides something else", async ({ newRig, expect }) => {
    const rig = await newRig();
    const decision = { kind: "approved", by: "ben", note: null, digest: "x" } as const;
    expect(await rig.carryOut(question(), { decision })).toEqual({ end: "waiting", waiting });
  });
});

describe("a question to the foreman", () => {
  const asked = question({ foreman: "worker", options: ["red", "green"], answer: "option" });

  scenario("is answered by one who is sure", async ({ newRig, expect }) => {
    const rig = await newRig();
    const usage = { inputTokens: 1, outputTokens: 2, costUsd: 0.1 };
    rig.project.gateway.onHook = verdict({ answer: "green", isSure: true }, { usage });
    const job = rig.job(asked);
    const end = {
      end: "done",
      output: { answer: "green", by: "worker" },
      usage: { costUsd: 0.1, tokens: 3 },
    };
    expect(await rig.start(job).end).toEqual(end);
    expect(await rig.start(job).end).toEqual(end);
    expect(rig.project.gateway.sent).toHaveLength(1);
    const message = rig.project.read(`handoffs/${job.runId}/attempt-1.md`);
    expect(message).toContain("The flow run 01abc works on a task and can't go on");
    expect(message).toContain("- red\n- green");
  });

  scenario("goes to a person with what it proposes when it is not", async ({ newRig, expect }) => {
    const rig = await newRig();
    const unsure = [
      verdict({ answer: "green", isSure: false }),
      verdict({ answer: "green", isSure: true }, { confidence: "medium" }),
    ];
    for (const behavior of unsure) {
      rig.project.gateway.onHook = behavior;
      expect(await rig.carryOut(asked)).toMatchObject({
        end: "waiting",
        waiting: { kind: "question", proposal: "green" },
      });
    }
    expect(rig.warnings).toEqual([]);
  });

  scenario("goes to a person when nothing comes of it", async ({ newRig, expect }) => {
    const rig = await newRig();
    const useless = [
      answerAtOnce({ status: "blocked", questions: [{ text: "What?" }] }),
      (_call: unknown, response: Parameters<typeof sendJson>[0]) =>
        sendJson(response, 401, { error: "no" }),
    ];
    for (const behavior of useless) {
      rig.project.gateway.onHook = behavior;
      expect(await rig.carryOut(asked)).toMatchObject({
        end: "waiting",
        waiting: { proposal: null },
      });
    }
    expect(await rig.carryOut({ ...asked, foreman: "nobody" })).toMatchObject({ end: "waiting" });
    expect(rig.warnings).toHaveLength(3);
  });

  scenario("is asked no more once a person has answered", async ({ newRig, expect }) => {
    const rig = await newRig();
    const decision = { kind: "answered", by: "ben", answer: "1" } as const;
    expect(await rig.carryOut(asked, { decision })).toMatchObject({ output: { answer: "red" } });
    expect(rig.project.gateway.calls).toHaveLength(0);
  });

  scenario("ends when its step is to stop", async ({ newRig, expect }) => {
    const rig = await newRig();
    const going = rig.start(rig.job(asked));
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    expect(rig.project.gateway.sent).toHaveLength(0);
  });
});
