import { escapePointer } from "./pointer.ts";

/** What a scan finds: where the text stops being JSON, or the keys that stand twice in one object. */
export interface JsonScan {
  readonly mistake: { readonly offset: number; readonly what: string } | null;
  /** JSON pointers of the keys that stand twice; of those only the last would count. */
  readonly duplicates: readonly string[];
}

type Open =
  | { readonly kind: "object"; readonly keys: Set<string>; step: string }
  | { readonly kind: "array"; index: number };

type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" | "end";

interface Token {
  readonly kind: "sign" | "string" | "scalar" | "end";
  readonly text: string;
}

interface Scanner {
  readonly open: Open[];
  readonly duplicates: string[];
}

const sign = /[{}[\],:]/y;
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Goes through the text token by token, without recursion, so that no nesting is too deep for it. */
export function scanJson(text: string): JsonScan {
  const scanner: Scanner = { open: [], duplicates: [] };
  let expected: Expected = "value";
  let offset = 0;
  for (;;) {
    while (isBlank(text.charAt(offset))) offset += 1;
    const token = readToken(text, offset);
    const next: Expected | null = token === null ? null : follow(token, expected, scanner);
    if (token === null || next === null) {
      const what = explain(text.slice(offset, offset + 20), expected);
      return { mistake: { offset, what }, duplicates: scanner.duplicates };
    }
    if (token.kind === "end") return { mistake: null, duplicates: scanner.duplicates };
    offset += token.text.length;
    expected = next;
  }
}

function isBlank(character: string): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}

function take(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

function readToken(text: string, offset: number): Token | null {
  if (offset >= text.length) return { kind: "end", text: "" };
  const found = take(sign, text, offset);
  if (found !== undefined) return { kind: "sign", text: found };
  const quoted = take(string, text, offset);
  if (quoted !== undefined) return { kind: "string", text: quoted };
  const bare = take(scalar, text, offset);
  return bare === undefined ? null : { kind: "scalar", text: bare };
}

/** What may come after this token, or null when it may not stand here. */
function follow(token: Token, expected: Expected, scanner: Scanner): Expected | null {
  const { open } = scanner;
  const inside = open.at(-1);
  switch (expected) {
    case "end":
      return token.kind === "end" ? "end" : null;
    case "value or ]":
      return token.text === "]" ? close(open) : startValue(token, open);
    case "value":
      return startValue(token, open);
    case "key or }":
      return token.text === "}" ? close(open) : startKey(token, scanner);
    case "key":
      return startKey(token, scanner);
    case ":":
      return token.text === ":" ? "value" : null;
    case ", or end":
      if (inside?.kind === "array") {
        if (token.text === "]") return close(open);
        inside.index += 1;
        return token.text === "," ? "value" : null;
      }
      if (token.text === "}") return close(open);
      return token.text === "," ? "key" : null;
  }
}

function startValue(token: Token, open: Open[]): Expected | null {
  if (token.text === "{") {
    open.push({ kind: "object", keys: new Set(), step: "" });
    return "key or }";
  }
  if (token.text === "[") {
    open.push({ kind: "array", index: 0 });
    return "value or ]";
  }
  return token.kind === "string" || token.kind === "scalar" ? afterValue(open) : null;
}

function startKey(token: Token, { open, duplicates }: Scanner): Expected | null {
  const inside = open.at(-1);
  if (token.kind !== "string" || inside?.kind !== "object") return null;
  inside.step = String(JSON.parse(token.text));
  if (inside.keys.has(inside.step)) duplicates.push(pointerTo(open));
  inside.keys.add(inside.step);
  return ":";
}

function close(open: Open[]): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly Open[]): Expected {
  return open.length === 0 ? "end" : ", or end";
}

function pointerTo(open: readonly Open[]): string {
  return open
    .map((level) => `/${level.kind === "object" ? escapePointer(level.step) : level.index}`)
    .join("");
}

function explain(rest: string, expected: Expected): string {
  if (/^(\/\/|\/\*|#)/.test(rest)) return "a comment, and JSON has none";
  if (rest === "") return "the file ends too early";
  if (rest.startsWith("'")) return "a single quote, where JSON wants double quotes";
  const isName = /^[A-Za-z_$]/.test(rest);
  switch (expected) {
    case "end":
      return "something behind the end of the document";
    case "value":
    case "value or ]":
      if (/^[}\],]/.test(rest)) return "a value is missing, or a comma too many before it";
      break;
    case "key":
      if (rest.startsWith("}")) return 'a comma too many before "}"';
      if (isName) return "a key without double quotes";
      break;
    case "key or }":
      if (isName) return "a key without double quotes";
      break;
    case ":":
      return 'a ":" is missing here';
    case ", or end":
      return "a comma or a closing bracket is missing here";
  }
  if (rest.startsWith('"')) return "a string that is not closed, or with a wrong escape";
  return "this is no JSON value";
}
