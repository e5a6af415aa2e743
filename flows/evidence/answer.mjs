// @ts-check

/**
 * A piece of Markdown between blank lines; code in a fence is one piece.
 *
 * @typedef {{ kind: "text" | "heading" | "code", text: string }} Block
 */

/**
 * The pieces of an answer, in order.
 *
 * @param {string} markdown
 * @returns {readonly Block[]}
 */
export function blocksOf(markdown) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  let lines = [];
  let fence = "";
  const close = () => {
    if (lines.length > 0) blocks.push(toBlock(lines));
    lines = [];
  };
  for (const line of markdown.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (fence === "" && mark !== "") {
      close();
      fence = mark;
      lines.push(line);
    } else if (fence !== "") {
      lines.push(line);
      if (!closes(line, fence)) continue;
      fence = "";
      close();
    } else if (line.trim() === "") close();
    else if (isHeading(line)) {
      close();
      lines.push(line);
      close();
    } else lines.push(line);
  }
  close();
  return blocks;
}

/**
 * @param {string} line
 * @param {string} fence
 */
function closes(line, fence) {
  const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? "";
  return mark.startsWith(fence);
}

/** @param {string} line */
function isHeading(line) {
  return /^ {0,3}#{1,6}(\s|$)/.test(line);
}

/**
 * @param {readonly string[]} lines
 * @returns {Block}
 */
function toBlock(lines) {
  const [first = ""] = lines;
  const text = lines.join("\n");
  if (/^ {0,3}(`{3,}|~{3,})/.test(first)) return { kind: "code", text };
  return { kind: isHeading(first) ? "heading" : "text", text };
}

const references = /\[(C\d+(?:\s*,\s*C\d+)*)\]/g;

/**
 * The ids of the claims that a text names: `[C1]`, `[C1, C2]`.
 *
 * @param {string} text
 */
export function claimsNamedIn(text) {
  return [...text.matchAll(references)].flatMap(([, ids = ""]) => ids.split(/\s*,\s*/));
}

/**
 * The text with each claim that it names written anew.
 *
 * @param {string} text
 * @param {(id: string) => string} write
 */
export function rewriteClaimNames(text, write) {
  return text.replaceAll(
    references,
    (_, ids) =>
      `[${String(ids)
        .split(/\s*,\s*/)
        .map(write)
        .join(", ")}]`,
  );
}

/**
 * Whether a piece says something that needs a claim behind it, and names none.
 *
 * @param {Block} block
 */
export function isUnfounded({ kind, text }) {
  return kind === "text" && claimsNamedIn(text).length === 0 && !/not verified/i.test(text);
}
