import { describe, expect, test } from "vitest";
import { parseButtonData } from "../../../src/telegram/button.ts";
import type { StepWish } from "../../../src/telegram/flow/asked-step.ts";
import { stepChoiceOfPress, stepChoiceOfReply } from "../../../src/telegram/flow/step-choice.ts";
import { closedStepMessage, stepMessage } from "../../../src/telegram/flow/step-message.ts";
import { describeReport } from "../../../src/telegram/answer-wording.ts";
import { closedMessage } from "../../../src/telegram/asking-message.ts";
import { approvalWish, askedStep, questionWish } from "./shown-flow.ts";

const here = { takesAnswers: true, calls: null, isReminder: false };

/** What each button of a step's message decides. */
function pressed(wish: StepWish): Readonly<Record<string, unknown>> {
  const asked = askedStep(wish);
  return Object.fromEntries(
    stepMessage(asked, here).buttons.map(({ text, data }) => {
      const button = parseButtonData(data);
      return [text, button === null ? null : stepChoiceOfPress(asked, button)];
    }),
  );
}

function press(wish: StepWish, data: string): unknown {
  const button = parseButtonData(data);
  return button === null ? "no button" : stepChoiceOfPress(askedStep(wish), button);
}

function replied(wish: StepWish, reply: string | null): unknown {
  const choice = stepChoiceOfReply(askedStep(wish), reply);
  return choice.ok ? choice.value : choice.failure;
}

describe("the buttons of a step", () => {
  test("approve and reject", () => {
    expect(pressed(approvalWish)).toEqual({
      "✅ Approve": { kind: "approve", note: null },
      "❌ Reject": { kind: "reject", note: null },
    });
  });

  test("are the options of a question, and what its foreman proposes", () => {
    expect(pressed({ ...questionWish, proposal: "SQLite" })).toEqual({
      PostgreSQL: { kind: "answer", text: "PostgreSQL" },
      SQLite: { kind: "answer", text: "SQLite" },
      "✅ Approve": { kind: "answer", text: "SQLite" },
    });
  });

  test("are yes and no", () => {
    expect(pressed({ ...questionWish, options: [], answer: "boolean" })).toEqual({
      yes: { kind: "answer", text: "yes" },
      no: { kind: "answer", text: "no" },
    });
    expect(pressed({ ...questionWish, options: [], answer: "text" })).toEqual({});
  });

  test("decide about a step whose end is unknown", () => {
    expect(pressed({ kind: "recovery" })).toEqual({
      "Begin it again": { kind: "recover", choice: "rerun" },
      "Go on without it": { kind: "recover", choice: "skip" },
    });
  });

  test("of other messages decide nothing", () => {
    const key = "0123";
    expect(press(approvalWish, `s:${key}`)).toBeNull();
    expect(press(approvalWish, `o:${key}:0`)).toBeNull();
    expect(press(questionWish, `a:${key}`)).toBeNull();
    expect(press(questionWish, `r:${key}`)).toBeNull();
    expect(press(questionWish, `o:${key}:7`)).toBeNull();
    expect(press(questionWish, `x:${key}`)).toBe("no button");
  });
});

describe("a reply to a step", () => {
  test.each([
    ["approve", { kind: "approve", note: null }],
    ["Approved, ship it", { kind: "approve", note: "ship it" }],
    ["reject: no tests\nand no docs", { kind: "reject", note: "no tests\nand no docs" }],
    [" Rejected ", { kind: "reject", note: null }],
    ["approve-all", "begin with approve or reject, or press a button"],
    ["I approve", "begin with approve or reject, or press a button"],
    ["looks good", "begin with approve or reject, or press a button"],
    [null, "only text can be an answer"],
  ])("that is to be approved: %j", (reply, choice) => {
    expect(replied(approvalWish, reply)).toEqual(choice);
  });

  test.each([
    [" 2 ", { kind: "answer", text: "2" }],
    ["sqlite", { kind: "answer", text: "sqlite" }],
    ["MySQL", "the answer must be one of: PostgreSQL, SQLite"],
  ])("that asks: %j", (reply, choice) => {
    expect(replied(questionWish, reply)).toEqual(choice);
  });

  test("whose end is unknown", () => {
    expect(replied({ kind: "recovery" }, "rerun")).toBe("press one of the buttons");
  });
});

describe("the message of a step", () => {
  test("shows what is to be approved, by whom, and the digest that stands for it", () => {
    const wish = { ...approvalWish, shown: "+ a <b>\n", requiredApprovers: ["@eva", "tom"] };
    expect(stepMessage(askedStep(wish), here).html).toBe(
      [
        "❓ t-296: ok waits for an approval by @eva or tom\n<i>build</i>",
        "Commit it?",
        "<blockquote expandable>+ a &lt;b&gt;</blockquote>",
        "Press a button, or reply to this message with <b>approve</b> or <b>reject</b> and what you have to say about it.",
        "<code>t-296 ok</code>, digest <code>e7de5f1488d5</code>",
      ].join("\n\n"),
    );
  });

  test("says when not all of it is shown", () => {
    const long = "x".repeat(4_000);
    for (const change of [{ shown: long }, { message: long }])
      expect(stepMessage(askedStep({ ...approvalWish, ...change }), here).html).toContain(
        "That is only the beginning. All of it: <code>delegate flow show t-296</code>",
      );
  });

  test("asks, with what a foreman proposes and with options that are longer than a button", () => {
    const wish = { ...questionWish, options: ["a".repeat(80), "b"], proposal: "b" };
    const { html } = stepMessage(askedStep(wish), here);
    expect(html).toContain(`1. ${"a".repeat(80)}\n2. b`);
    expect(html).toContain("💡 Proposed:\n<b>b</b>");
    expect(html).toContain("Press a button, or reply to this message with one of them.");
    const number = { ...questionWish, options: [], answer: "number" } as const;
    expect(stepMessage(askedStep(number), here).html).toContain(
      "To answer, reply to this message with a number, such as 3 or 0.5.",
    );
  });

  test("has no buttons where nothing is taken", () => {
    const { html, buttons } = stepMessage(askedStep(approvalWish), {
      ...here,
      takesAnswers: false,
    });
    expect(buttons).toEqual([]);
    expect(html).toContain("<code>delegate flow show t-296</code> says what to do at a terminal.");
  });

  test("calls whoever is next in line for what nobody has decided", () => {
    const asked = askedStep(approvalWish);
    const { html, buttons } = stepMessage(asked, { ...here, calls: "@boss", isReminder: true });
    expect(html).toMatch(/^⏰ @boss: t-296: ok still waits for an approval\n/);
    expect(buttons).toEqual(stepMessage(asked, here).buttons);
  });

  test("says how it was closed", () => {
    const end = { kind: "decided", decision: "rejected", by: "@eva", note: "no <tests>" } as const;
    expect(closedStepMessage(askedStep(approvalWish), end)).toEqual({
      html: "☑️ t-296: ok waited for an approval\n\nCommit it?\n\nRejected by @eva:\nno &lt;tests&gt;\n\n<code>t-296 ok</code>, digest <code>e7de5f1488d5</code>",
      buttons: [],
    });
    const unknown = closedMessage(askedStep({ kind: "recovery" }), { kind: "not_needed" });
    expect(unknown.html).toContain("had lost its worker");
    expect(unknown.html).toContain("Closed: it is not waited for any more.");
  });

  test.each<StepWish>([
    { ...approvalWish, message: "<".repeat(9_000), shown: "&".repeat(9_000) },
    {
      ...questionWish,
      question: "<".repeat(9_000),
      options: Array.from({ length: 98 }, () => "&".repeat(900)),
      proposal: ">".repeat(9_000),
    },
  ])("is never longer than Telegram allows", (wish) => {
    const asked = askedStep(wish, { flowRunId: "r".repeat(128), taskKey: "k".repeat(300) });
    const end = {
      kind: "decided",
      decision: "approved",
      by: "b",
      note: "&".repeat(5_000),
    } as const;
    expect(stepMessage(asked, here).html.length).toBeLessThanOrEqual(4_096);
    expect(closedStepMessage(asked, end).html.length).toBeLessThanOrEqual(4_096);
  });
});

test("who decides is told what came of it, in at most 200 characters", () => {
  const end = { kind: "decided", decision: "approved", by: "tom", note: null } as const;
  expect(describeReport({ kind: "taken", end, todo: null })).toBe("Approved.");
  expect(describeReport({ kind: "too_late", end })).toBe("Already approved by tom");
  expect(describeReport({ kind: "too_late", end: { kind: "not_needed" } })).toBe(
    "Too late: it is not waited for any more.",
  );
});
