// @ts-check

/**
 * A file's name as a diff writes it: in quotes when it is unusual, and after git with a prefix such as `a/`.
 *
 * @param {string} written
 * @param {"prefixed" | "as-is"} form
 */
export function readName(written, form = "as-is") {
  const name =
    written.startsWith('"') && written.endsWith('"') && written.length > 1
      ? unquote(written.slice(1, -1))
      : written;
  return form === "prefixed" ? name.replace(/^[abciow]\//, "") : name;
}

/**
 * The two names behind `diff --git`. Unquoted names with spaces can be told apart only when both are the same, which they
 * are unless the file was renamed, and then other lines tell.
 *
 * @param {string} written
 * @returns {{ old: string, new: string }}
 */
export function readGitNames(written) {
  const text = written.replace(/\r$/, "");
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/s.exec(text);
  const half = (text.length - 1) / 2;
  const [old, next] =
    quoted === null
      ? [text.slice(0, half), text.slice(half + 1)]
      : [quoted[1] ?? "", quoted[2] ?? ""];
  return { old: readName(old, "prefixed"), new: readName(next, "prefixed") };
}

/**
 * Takes back what git does to a name in quotes: `\t`, `\"`, and bytes as three octal digits.
 *
 * @param {string} text
 */
function unquote(text) {
  /** @type {number[]} */
  const bytes = [];
  for (const [part, octal, char] of text.matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else
      bytes.push(...new TextEncoder().encode(char === undefined ? part : (escapes[char] ?? char)));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** @type {Readonly<Record<string, string>>} */
const escapes = { a: "\u0007", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };
