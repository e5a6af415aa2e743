import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOfReply, choiceOfPress, choiceOfReply } from "../../src/telegram/answer-choice.ts";
import type { QuestionEnd } from "../../src/telegram/question-end.ts";
import type { AskedQuestion } from "../../src/telegram/asked-question.ts";
import { isAllowed, isListed, readUpdate } from "../../src/telegram/incoming.ts";
import { parseButtonData } from "../../src/telegram/button.ts";
import { closedQuestionMessage, questionMessage } from "../../src/telegram/question-message.ts";
import type { MessageContent } from "../../src/telegram/question-message.ts";
import { anyCharacter } from "../rig/any-text.ts";
import { anna } from "./bot-api.ts";
import { askedOf, questionOf, sampleProposal } from "./samples.ts";

const asked = askedOf({ proposal: sampleProposal });
const here = { calls: null, takesAnswers: true, isReminder: false };

function messageOf(change: Partial<AskedQuestion>, address: object = {}): MessageContent {
  return questionMessage(askedOf(change), { ...here, ...address }, null);
}

describe("a question in a chat", () => {
  test("has a button for each option, and says that a reply does too", () => {
    const { html, buttons } = messageOf({});
    expect(html).toContain("❓ tech-lead asks (attempt 1):\nWhich database?");
    expect(html).toContain("Press a button, or reply to this message.");
    expect(buttons).toEqual([
      { text: "Postgres", data: "o:0123456789abcdef:0" },
      { text: "SQLite", data: "o:0123456789abcdef:1" },
      { text: "⏭ Skip", data: "s:0123456789abcdef" },
    ]);
  });

  test("without options asks for a reply, and without free text for a button", () => {
    expect(messageOf({ question: questionOf({ options: [] }) }).html).toContain(
      "Reply to this message to answer.",
    );
    expect(messageOf({ question: questionOf({ allowsFreeText: false }) }).html).toContain(
      "Press a button.",
    );
  });

  test("shows what the foreman would answer, with a button to approve it", () => {
    const question = questionOf({ options: [] });
    const { html, buttons } = messageOf({ question, proposal: sampleProposal, key: "a" });
    expect(html).toContain("💡 manager would answer:\n<b>SQLite</b>\n<i>One file is enough.</i>");
    expect(html).toContain("A reply with a ? at its beginning or its end goes to manager");
    expect(buttons).toEqual([
      { text: "✅ Approve", data: "a:a" },
      { text: "⏭ Skip", data: "s:a" },
    ]);
    expect(messageOf({ proposal: { ...sampleProposal, reason: "" } }).html).not.toContain("<i>");
  });

  test("fits Telegram's limits, whatever is asked", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: anyCharacter, maxLength: 200 }), { maxLength: 150 }),
        fc.string({ unit: fc.constantFrom("&", "😀", "x"), minLength: 0, maxLength: 6_000 }),
        fc.boolean(),
        (options, text, takesAnswers) => {
          const id = `${"r".repeat(128)}.q9999`;
          const question = questionOf({ id, options, text, askedBy: text });
          const proposal = { ...sampleProposal, text, reason: text, by: text };
          const { html, buttons } = questionMessage(
            askedOf({ question, proposal }),
            { calls: text, takesAnswers, isReminder: true },
            text,
          );
          expect(html.length).toBeLessThanOrEqual(4_096);
          expect(buttons.length).toBeLessThanOrEqual(100);
          for (const button of buttons) {
            expect(Buffer.byteLength(button.data)).toBeLessThanOrEqual(64);
            expect(button.text).not.toBe("");
          }
          const closed = closedQuestionMessage(question, {
            kind: "answered",
            text,
            by: text,
            onProposalOf: text,
          });
          expect(closed.html.length).toBeLessThanOrEqual(4_096);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("lists options that are too long for a button", () => {
    const long = `${"very ".repeat(20)}long`;
    const { html, buttons } = messageOf({ question: questionOf({ options: [long, "short"] }) });
    expect(html).toContain(`1. ${long}\n2. short`);
    expect(buttons[0]?.text.endsWith("…")).toBe(true);
  });

  test("shows the answer and who gave it once it is closed, without buttons", () => {
    const answered = closedQuestionMessage(questionOf(), {
      kind: "answered",
      text: "a < b",
      by: "@anna",
      onProposalOf: null,
    });
    expect(answered.html).toContain("Answered by @anna:\n<b>a &lt; b</b>");
    expect(answered.buttons).toEqual([]);
    const ends: readonly (readonly [QuestionEnd, string])[] = [
      [{ kind: "skipped", by: "@anna" }, "Skipped by @anna"],
      [{ kind: "run_over" }, "Closed without an answer: the run has ended."],
      [{ kind: "asked_anew" }, "Asked anew below."],
      [
        { kind: "answered", text: "x", by: "@anna", onProposalOf: "manager" },
        "Answered by @anna, as manager proposed:\n<b>x</b>",
      ],
    ];
    for (const [end, words] of ends)
      expect(closedQuestionMessage(questionOf(), end).html).toContain(words);
  });

  test("calls somebody by name, says that it is a reminder, and what else there is to say", () => {
    const { html } = messageOf({}, { calls: "anna", isReminder: true });
    expect(html).toContain("⏰ anna: tech-lead still waits for an answer (attempt 1):\nWhich");
    expect(messageOf({}, { calls: "@anna" }).html).toContain("❓ @anna: tech-lead asks");
    expect(questionMessage(askedOf(), here, "manager <could> not").html).toContain(
      "<i>manager &lt;could&gt; not</i>",
    );
  });

  test("has no buttons where no answers are taken, and says how to answer else", () => {
    const { html, buttons } = messageOf({}, { takesAnswers: false });
    expect(buttons).toEqual([]);
    expect(html).toContain("1. Postgres\n2. SQLite");
    expect(html).toContain(`At a terminal: <code>delegate answer ${questionOf().id}</code>`);
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
    expect(parseButtonData("s:0123456789abcdef")).toEqual({
      kind: "skip",
      key: "0123456789abcdef",
    });
    expect(choiceOfPress(asked, { kind: "option", key: "a", index: 1 })).toEqual({
      kind: "answer",
      text: "SQLite",
    });
    expect(choiceOfPress(asked, { kind: "approve", key: "a" })).toEqual({
      kind: "approve",
      number: 1,
      text: "SQLite",
      by: "manager",
    });
    expect(choiceOfPress(asked, { kind: "skip", key: "a" })).toEqual({ kind: "skip" });
  });

  test.each([
    "",
    "o:",
    "o:../etc:1",
    "o:abc:100",
    "a:",
    "s:",
    "a:xyz",
    "b:abc",
    `o:${"a".repeat(33)}:1`,
  ])("that is none of ours means nothing: %s", (data) => {
    expect(parseButtonData(data)).toBeNull();
  });

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
      value: { kind: "answer", text: "SQLite" },
    });
    expect(choiceOfReply(asked, "MySQL")).toEqual({
      ok: true,
      value: { kind: "answer", text: "MySQL" },
    });
  });

  test.each(["?Why not Postgres", "? Why not Postgres", "Why not Postgres?", "Why not Postgres? "])(
    "with a question mark at an end is a remark to who proposed something: %s",
    (text) => {
      const remark = text.replace(/^\?\s*/, "").trim();
      expect(choiceOfReply(asked, text)).toEqual({
        ok: true,
        value: { kind: "discuss", text: remark, by: "manager" },
      });
      expect(choiceOfReply(askedOf(), text)).toMatchObject({
        ok: true,
        value: { kind: "answer", text: text.trim() },
      });
    },
  );

  test("is an option also when that ends in a question mark", () => {
    const question = questionOf({ options: ["Really?"] });
    expect(choiceOfReply({ ...asked, question }, "really?")).toEqual({
      ok: true,
      value: { kind: "answer", text: "Really?" },
    });
    expect(choiceOfReply(asked, "?")).toEqual({ ok: false, failure: "the remark is empty" });
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
    expect(isListed("@Team", [-5, "@team"])).toBe(true);
    expect(isListed(-5, ["-5"])).toBe(true);
    expect(isListed(5, [-5, "@5"])).toBe(false);
  });
});
