import { unreachable } from "../../unreachable.ts";

/** Where in a shell program a value would stand. */
export type ShellPlace =
  | "bare"
  | "double-quoted"
  | "here-document"
  | "comment"
  | "single-quoted"
  | "quoted-here-document"
  | "arithmetic"
  | "backquoted"
  | "escaped"
  | "end-word";

/** Follows a shell program piece by piece, as far as is needed to know where values stand. */
export interface ShellReader {
  read(text: string): void;
  /** A value stands here; says where that is. */
  readValue(): ShellPlace;
}

type Level =
  /** Commands, also those in `$( )` and `( )`. */
  | { readonly kind: "command" }
  | { readonly kind: "double" }
  | { readonly kind: "single" }
  | { readonly kind: "arithmetic" }
  | { readonly kind: "backquote" }
  | { readonly kind: "comment" }
  | HereDocument;

interface HereDocument {
  readonly kind: "here";
  readonly endWord: string;
  readonly isQuoted: boolean;
  readonly stripsTabs: boolean;
}

interface Reading {
  readonly levels: Level[];
  /** Here-documents that begin with the next line. */
  readonly announced: HereDocument[];
  /** The end word of a here-document that is being read, with its quotes. */
  endWord: { text: string; readonly stripsTabs: boolean } | null;
  /** What stands in this line so far. */
  line: string;
  isEscaped: boolean;
}

/** A reader at the beginning of a program. */
export function createShellReader(): ShellReader {
  const reading: Reading = {
    levels: [{ kind: "command" }],
    announced: [],
    endWord: null,
    line: "",
    isEscaped: false,
  };
  return {
    read: (text) => {
      for (let at = 0; at < text.length;) at += step(reading, text, at);
    },
    readValue: () => {
      const place = placeOf(reading);
      reading.line += "\0";
      reading.isEscaped = false;
      return place;
    },
  };
}

function placeOf(reading: Reading): ShellPlace {
  if (reading.isEscaped) return "escaped";
  if (reading.endWord !== null) return "end-word";
  const level = top(reading);
  switch (level.kind) {
    case "command":
      return "bare";
    case "double":
      return "double-quoted";
    case "single":
      return "single-quoted";
    case "arithmetic":
    case "comment":
      return level.kind;
    case "backquote":
      return "backquoted";
    case "here":
      return level.isQuoted ? "quoted-here-document" : "here-document";
    default:
      return unreachable(level);
  }
}

function top(reading: Reading): Level {
  return reading.levels.at(-1) ?? { kind: "command" };
}

/** Takes up what stands at this place; returns how many characters that were. */
function step(reading: Reading, text: string, at: number): number {
  const character = text.charAt(at);
  if (reading.endWord !== null && readEndWord(reading, character)) return 1;
  const level = top(reading);
  if (reading.isEscaped) {
    reading.isEscaped = false;
    return pass(reading, character);
  }
  if (character === "\n") endLine(reading);
  else if (level.kind === "single") {
    if (character === "'") reading.levels.pop();
  } else if (level.kind !== "comment" && !(level.kind === "here" && level.isQuoted)) {
    return stepInProgram(reading, level, text, at);
  }
  return pass(reading, character);
}

function pass(reading: Reading, characters: string): number {
  if (characters === "\n") reading.line = "";
  else reading.line += characters;
  return characters.length;
}

function stepInProgram(reading: Reading, level: Level, text: string, at: number): number {
  const character = text.charAt(at);
  const opened = openedAt(text, at);
  if (opened !== null) {
    reading.levels.push({ kind: opened });
    return pass(reading, text.slice(at, at + (opened === "arithmetic" ? 3 : 2)));
  }
  if (character === "\\") reading.isEscaped = true;
  else if (character === "`") toggle(reading, level, "backquote");
  else if (character === '"' && level.kind !== "here" && level.kind !== "arithmetic") {
    toggle(reading, level, "double");
  } else if (level.kind === "arithmetic") return stepInArithmetic(reading, text, at);
  else if (level.kind === "command" || level.kind === "backquote") {
    return stepInCommand(reading, text, at);
  }
  return pass(reading, character);
}

function openedAt(text: string, at: number): "command" | "arithmetic" | null {
  if (text.startsWith("$((", at)) return "arithmetic";
  return text.startsWith("$(", at) ? "command" : null;
}

function toggle(reading: Reading, level: Level, kind: "double" | "backquote"): void {
  if (level.kind === kind) reading.levels.pop();
  else reading.levels.push({ kind });
}

function stepInArithmetic(reading: Reading, text: string, at: number): number {
  const character = text.charAt(at);
  if (character === "(") reading.levels.push({ kind: "arithmetic" });
  if (character !== ")") return pass(reading, character);
  reading.levels.pop();
  const isEnd = top(reading).kind !== "arithmetic" && text.charAt(at + 1) === ")";
  return pass(reading, isEnd ? "))" : character);
}

function stepInCommand(reading: Reading, text: string, at: number): number {
  const character = text.charAt(at);
  if (character === "'") reading.levels.push({ kind: "single" });
  else if (text.startsWith("((", at)) {
    reading.levels.push({ kind: "arithmetic" });
    return pass(reading, "((");
  } else if (character === "(") reading.levels.push({ kind: "command" });
  else if (character === ")" && reading.levels.length > 1) reading.levels.pop();
  else if (character === "#" && /(^|[\s;&|(])$/.test(reading.line)) {
    reading.levels.push({ kind: "comment" });
  } else if (text.startsWith("<<<", at)) return pass(reading, "<<<");
  else if (text.startsWith("<<", at)) {
    const stripsTabs = text.charAt(at + 2) === "-";
    reading.endWord = { text: "", stripsTabs };
    return pass(reading, stripsTabs ? "<<-" : "<<");
  }
  return pass(reading, character);
}

/** Whether the character still belongs to the end word, or to the blanks before it. */
function readEndWord(reading: Reading, character: string): boolean {
  const { endWord } = reading;
  if (endWord === null) return false;
  if (endWord.text === "" && (character === " " || character === "\t")) {
    pass(reading, character);
    return true;
  }
  if (/[^\s;&|<>()]/.test(character)) {
    endWord.text += character;
    pass(reading, character);
    return true;
  }
  reading.announced.push({
    kind: "here",
    endWord: endWord.text.replaceAll(/["'\\]/g, ""),
    isQuoted: /["'\\]/.test(endWord.text),
    stripsTabs: endWord.stripsTabs,
  });
  reading.endWord = null;
  return false;
}

/** A line ends comments, may end a here-document, and begins those that were announced in it. */
function endLine(reading: Reading): void {
  const { levels, announced, line } = reading;
  if (top(reading).kind === "comment") levels.pop();
  const open = levels.findLastIndex(({ kind }) => kind === "here");
  const here = levels[open];
  if (here?.kind === "here") {
    const word = here.stripsTabs ? line.replace(/^\t+/, "") : line;
    if (word === here.endWord) levels.splice(open);
    if (levels.length > open) return;
  }
  const next = announced.shift();
  if (next !== undefined) levels.push(next);
}
