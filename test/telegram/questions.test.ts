import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choiceOfPress, choiceOfReply } from "../../src/telegram/answer-choice.ts";
import type { AskedQuestion } from "../../src/telegram/asked-question.ts";
import { isAllowed, readUpdate } from "../../src/telegram/incoming.ts";
import {
  answerOfReply,
  closedQuestionMessage,
  parseButtonData,
  questionMessage,
} from "../../src/telegram/question-message.ts";
import { anna } from "./bot-api.ts";
import { questionOf, sampleProposal } from "./samples.ts";

const asked: AskedQuestion = {
  schema: "delegate.telegram-question.v1",
  key: "0123456789abcdef",
  question: questionOf(),
  proposal: sampleProposal,
  runFolder: "/srv/handoffs/x",
  place: null,
};

describe("a question in a chat", () => {
  test("has a button for each option, and says that a reply does too", () => {
    const { html, buttons } = questionMessage(questionOf(), null, "0123456789abcdef");
    expect(html).toContain("❓ tech-lead asks (attempt 1):\nWhich database?");
    expect(html).toContain("Press a button, or reply to this message.");
    expect(buttons).toEqual([
      { text: "Postgres", data: "o:0123456789abcdef:0" },
      { text: "SQLite", data: "o:0123456789abcdef:1" },
    ]);
  });

  test("without options asks for a reply, and without free text for a button", () => {
    expect(questionMessage(questionOf({ options: [] }), null, "a").html).toContain(
      "Reply to this message to answer.",
    );
    expect(questionMessage(questionOf({ allowsFreeText: false }), null, "a").html).toContain(
      "Press a button.",
    );
  });

  test("shows what the foreman would answer, with a button to approve it", () => {
    const { html, buttons } = questionMessage(questionOf({ options: [] }), sampleProposal, "a");
    expect(html).toContain("💡 manager would answer:\n<b>SQLite</b>\n<i>One file is enough.</i>");
    expect(buttons).toEqual([{ text: "✅ Approve", data: "a:a" }]);
    expect(
      questionMessage(questionOf(), { ...sampleProposal, reason: "" }, "a").html,
    ).not.toContain("<i>");
  });

  test("fits Telegram's limits, whatever is asked", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 150 }),
        fc.string({ unit: fc.constantFrom("&", "😀", "x"), minLength: 0, maxLength: 6_000 }),
        (options, text) => {
          const id = `${"r".repeat(128)}.q9999`;
          const question = questionOf({ id, options, text, askedBy: text });
          const proposal = { ...sampleProposal, text, reason: text, by: text };
          const { html, buttons } = questionMessage(question, proposal, "0123456789abcdef");
          expect(html.length).toBeLessThanOrEqual(4_096);
          expect(buttons.length).toBeLessThanOrEqual(100);
          for (const button of buttons) {
            expect(Buffer.byteLength(button.data)).toBeLessThanOrEqual(64);
            expect(button.text).not.toBe("");
          }
          const closed = closedQuestionMessage(question, { answer: text, by: text });
          expect(closed.html.length).toBeLessThanOrEqual(4_096);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("lists options that are too long for a button", () => {
    const long = `${"very ".repeat(20)}long`;
    const { html, buttons } = questionMessage(questionOf({ options: [long, "short"] }), null, "a");
    expect(html).toContain(`1. ${long}\n2. short`);
    expect(buttons[0]?.text.endsWith("…")).toBe(true);
  });

  test("shows the answer and who gave it once it is closed, without buttons", () => {
    const answered = closedQuestionMessage(questionOf(), { answer: "a < b", by: "@anna" });
    expect(answered.html).toContain("Answered by @anna:\n<b>a &lt; b</b>");
    expect(answered.buttons).toEqual([]);
    expect(closedQuestionMessage(questionOf(), { answer: null, by: "@anna" }).html).toContain(
      "Skipped by @anna",
    );
  });
});

describe("a pressed button", () => {
  test("leads back to its option or its proposal", () => {
    expect(parseButtonData("o:0123456789abcdef:1")).toEqual({
      kind: "option",
      key: "0123456789abcdef",
      index: 1,
    });
    expect(parseButtonData("a:0123456789abcdef")).toEqual({
      kind: "approve",
      key: "0123456789abcdef",
    });
    expect(choiceOfPress(asked, { kind: "option", key: "a", index: 1 })).toEqual({
      text: "SQLite",
      optionIndex: 1,
      onProposalOf: null,
    });
    expect(choiceOfPress(asked, { kind: "approve", key: "a" })).toEqual({
      text: "SQLite",
      optionIndex: null,
      onProposalOf: "manager",
    });
  });

  test.each(["", "o:", "o:../etc:1", "o:abc:100", "a:", "a:xyz", "b:abc", `o:${"a".repeat(33)}:1`])(
    "that is none of ours means nothing: %s",
    (data) => {
      expect(parseButtonData(data)).toBeNull();
    },
  );

  test("that its question does not have means nothing", () => {
    expect(choiceOfPress(asked, { kind: "option", key: "a", index: 2 })).toBeNull();
    expect(choiceOfPress({ ...asked, proposal: null }, { kind: "approve", key: "a" })).toBeNull();
  });
});

describe("a reply", () => {
  test("is an option in any letter case, by its number where nothing else is allowed, or a text", () => {
    expect(answerOfReply(questionOf(), " sqlite ")).toBe("SQLite");
    expect(answerOfReply(questionOf(), "2")).toBe("2");
    expect(answerOfReply(questionOf({ allowsFreeText: false }), "2")).toBe("SQLite");
    expect(answerOfReply(questionOf({ allowsFreeText: false }), "3")).toBe("3");
    expect(choiceOfReply(asked, "sqlite")).toEqual({
      ok: true,
      value: { text: "SQLite", optionIndex: 1, onProposalOf: null },
    });
    expect(choiceOfReply(asked, "MySQL")).toEqual({
      ok: true,
      value: { text: "MySQL", optionIndex: null, onProposalOf: null },
    });
  });

  test("that can't be the answer is refused with the reason", () => {
    const strict = { ...asked, question: questionOf({ allowsFreeText: false }) };
    expect(choiceOfReply(strict, "MySQL")).toEqual({
      ok: false,
      failure: "the answer must be one of: Postgres, SQLite",
    });
    expect(choiceOfReply(asked, " ")).toEqual({ ok: false, failure: "the answer is empty" });
    expect(choiceOfReply(asked, null)).toEqual({
      ok: false,
      failure: "only text can be an answer",
    });
  });
});

describe("an update", () => {
  const chat = { id: -5, title: "Team", username: "team" } as const;
  const from = anna;
  const target = { message_id: 3, chat };

  test("says who pressed what, and where", () => {
    const message = { message_id: 3, chat } as const;
    const press = { id: "9", from, data: "o:a:0", message };
    expect(readUpdate({ update_id: 1, callback_query: press })).toEqual({
      kind: "pressed",
      callbackId: "9",
      data: "o:a:0",
      chat: { id: -5, username: "team" },
      by: "@anna",
    });
    expect(readUpdate({ update_id: 1, callback_query: { id: "9", from } })).toMatchObject({
      data: "",
      chat: null,
    });
  });

  test("says who replied what, and to which message", () => {
    const reply = { message_id: 4, chat, from, text: "SQLite", reply_to_message: target };
    expect(readUpdate({ update_id: 1, message: reply })).toEqual({
      kind: "replied",
      chat: { id: -5, username: "team" },
      to: { chatId: -5, messageId: 3 },
      messageId: 4,
      threadId: null,
      text: "SQLite",
      by: "@anna",
    });
    expect(
      readUpdate({ update_id: 1, message: { message_id: 4, chat, from, text: "hi" } }),
    ).toEqual({ kind: "other" });
    expect(readUpdate({ update_id: 1 })).toEqual({ kind: "other" });
  });

  test("names people by what they can't choose freely", () => {
    const nameless = { id: 8, first_name: "@boss" };
    const base = { message_id: 4, chat, from: nameless, reply_to_message: target };
    expect(
      readUpdate({
        update_id: 1,
        message: { ...base, caption: "SQLite", is_topic_message: true, message_thread_id: 6 },
      }),
    ).toMatchObject({ by: "@boss (8)", text: "SQLite", threadId: 6 });
    expect(readUpdate({ update_id: 1, message: { ...base, sender_chat: chat } })).toMatchObject({
      by: "Team (-5)",
      text: null,
    });
  });

  test("names somebody who can't be known as somebody", () => {
    const reply = { message_id: 4, chat: { id: -5 }, reply_to_message: target };
    expect(readUpdate({ update_id: 1, message: reply })).toMatchObject({ by: "somebody" });
    const channel = { ...reply, sender_chat: { id: -6 }, is_topic_message: true };
    expect(readUpdate({ update_id: 1, message: channel })).toMatchObject({
      by: "chat (-6)",
      threadId: null,
    });
  });

  test("comes from an allowed chat by number or by name", () => {
    const source = { id: -5, username: "Team" };
    expect(isAllowed(source, [-5])).toBe(true);
    expect(isAllowed(source, ["-5"])).toBe(true);
    expect(isAllowed(source, ["@team"])).toBe(true);
    expect(isAllowed(source, [5, "team", ""])).toBe(false);
    expect(isAllowed({ id: -5, username: null }, ["@team"])).toBe(false);
    expect(isAllowed(null, [-5])).toBe(false);
  });
});
