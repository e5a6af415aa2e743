import { describe, expect, it } from "vitest";
import { blocksOf, claimsNamedIn, isUnfounded } from "../../../flows/evidence/answer.mjs";

describe("the pieces of an answer", () => {
  it("are paragraphs, headings and code", () => {
    const answer = "# Answer\nIt is so [C1].\nReally.\n\n```sh\nls\n\nls\n```\nAnd [C2, C3].";
    expect(blocksOf(answer)).toEqual([
      { kind: "heading", text: "# Answer" },
      { kind: "text", text: "It is so [C1].\nReally." },
      { kind: "code", text: "```sh\nls\n\nls\n```" },
      { kind: "text", text: "And [C2, C3]." },
    ]);
  });

  it("end code only where a fence of its kind and length does", () => {
    expect(blocksOf("~~~~\n```\n~~~\n# no heading\n~~~~\nend")).toEqual([
      { kind: "code", text: "~~~~\n```\n~~~\n# no heading\n~~~~" },
      { kind: "text", text: "end" },
    ]);
  });

  it("are none in nothing, and one in code that never ends", () => {
    expect(blocksOf(" \n\n")).toEqual([]);
    expect(blocksOf("```\nforever\n\n# x")).toEqual([
      { kind: "code", text: "```\nforever\n\n# x" },
    ]);
  });
});

describe("claims behind an answer", () => {
  it("are named in brackets", () => {
    expect(claimsNamedIn("so [C1], so [C2,C3] and [C10][C11]; not [D1], C4 or [c5]")).toEqual([
      "C1",
      "C2",
      "C3",
      "C10",
      "C11",
    ]);
  });

  it("are needed by text, unless it says that it is not verified", () => {
    const unfounded = blocksOf(
      "## Title\n\nA fact.\n\nA fact [C1].\n\nLikely so, but Not verified.\n\n```\ncode\n```",
    ).filter(isUnfounded);
    expect(unfounded.map(({ text }) => text)).toEqual(["A fact."]);
  });
});
