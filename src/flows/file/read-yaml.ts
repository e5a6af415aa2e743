import { Composer, isAlias, isMap, isScalar, Parser } from "yaml";
import type { CST, Document, ParsedNode, YAMLError, YAMLMap } from "yaml";
import { escapePointer } from "../../json/pointer.ts";
import type { Json } from "../../json/json.ts";
import { complain, complainOfKey } from "./complaint.ts";
import type { Complaint } from "./complaint.ts";
import { offsetInWritten, placeInText } from "./text-place.ts";
import type { TextPlace } from "./text-place.ts";
import { findDeeperYaml } from "./yaml-depth.ts";

/** A YAML or JSON text as a value, and where everything in it stands. */
export interface ReadYaml {
  /** As far as it could be read; null when it could not be. */
  readonly value: Json;
  readonly problems: readonly (TextPlace & { readonly message: string })[];
  readonly placeOf: (complaint: Complaint) => TextPlace;
}

/** Deeper than any flow; what refers to itself is too. */
const MAX_DEPTH = 60;
/** A few lines of anchors and aliases can stand for billions of values. */
const MAX_VALUES = 50_000;

interface Written {
  /** Where its key begins, or null when it has none. */
  readonly key: number | null;
  readonly start: number;
  readonly end: number;
  readonly text: string | null;
}

interface Walk {
  readonly places: Map<string, Written>;
  readonly anchors: Map<string, ParsedNode>;
  readonly complaints: Complaint[];
  values: number;
}

/** Reads YAML 1.2 or JSON. Whatever the text is, there is an answer: its value, and all that is wrong with it. */
export function readYaml(source: string): ReadYaml {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  const walk: Walk = { places: new Map(), anchors: new Map(), complaints: [], values: 0 };
  const placeOf = (complaint: Complaint): TextPlace =>
    placeInText(text, offsetOf(complaint, walk.places, text));
  const tokens = [...new Parser().parse(text)];
  const tooDeep = firstTooDeep(tokens);
  if (tooDeep !== null) {
    const problem = { ...placeInText(text, tooDeep), message: TOO_DEEP };
    return { value: null, problems: [problem], placeOf };
  }
  const [document, another] = compose(tokens, text.length);
  if (document === undefined || isNothing(document.contents)) {
    return { value: null, problems: [atStart("the file is empty")], placeOf };
  }
  const mistakes = tellMistakes([...document.errors, ...document.warnings], text);
  if (another !== undefined) {
    const message = "a second document begins here; a flow is one";
    mistakes.push({ ...placeInText(text, another.range[0]), message });
  }
  if (document.errors.length > 0) return { value: null, problems: mistakes, placeOf };
  walk.places.set("", writtenAs(document.contents, null));
  const value = convert(document.contents, "", 0, walk);
  const complaints = walk.complaints.map((each) => ({ ...placeOf(each), message: each.message }));
  return { value, problems: [...mistakes, ...complaints], placeOf };
}

/** One mistake has many consequences: of a line only the first is told, and of the lines only some. */
function tellMistakes(errors: readonly YAMLError[], text: string): ReadYaml["problems"][number][] {
  const byLine = new Map<number, ReadYaml["problems"][number]>();
  for (const error of errors) {
    const place = placeInText(text, error.pos[0]);
    const message = `this is no YAML: ${inPlainWords(error)}`;
    if (!byLine.has(place.line)) byLine.set(place.line, { ...place, message });
  }
  return [...byLine.values()].slice(0, MOST_MISTAKES);
}

const MOST_MISTAKES = 5;

function isNothing(contents: ParsedNode | null): contents is null {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function inPlainWords({ code, message }: YAMLError): string {
  switch (code) {
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'a text with ": " in it must be in quotes';
    case "TAB_AS_INDENT":
      return "a tab is no indentation; use blanks";
    case "UNEXPECTED_TOKEN":
      if (message.startsWith("Unexpected flow-map-start at node end")) {
        return "between { } and [ ], a text with ${{ }} in it must be in quotes";
      }
      return inOneLine(message);
    default:
      return inOneLine(message);
  }
}

function inOneLine(message: string): string {
  return message.replaceAll(/\s+/g, " ").trim().slice(0, 200);
}

const TOO_DEEP = `this is nested too deeply: ${MAX_DEPTH} levels are the most`;

function atStart(message: string): TextPlace & { readonly message: string } {
  return { line: 1, column: 1, message };
}

/** Where the text is too deep to be put together. */
function firstTooDeep(tokens: readonly CST.Token[]): number | null {
  for (const token of tokens) {
    const offset = findDeeperYaml(token, MAX_DEPTH);
    if (offset !== null) return offset;
  }
  return null;
}

function compose(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const composer = new Composer({ logLevel: "silent", prettyErrors: false, uniqueKeys: false });
  return [...composer.compose(tokens, true, length)];
}

function convert(node: ParsedNode | null, pointer: string, depth: number, walk: Walk): Json {
  if (node === null) return null;
  walk.values += 1;
  if (depth > MAX_DEPTH) return refuse(walk, pointer, TOO_DEEP);
  if (walk.values > MAX_VALUES) return refuse(walk, pointer, "it is too much for a flow");
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    if (target !== undefined) return convert(target, pointer, depth + 1, walk);
    return refuse(walk, pointer, `there is no anchor "${node.source}" above`);
  }
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isMap(node)) return convertMap(node, pointer, depth, walk);
  if (isScalar(node)) return convertScalar(node.value, pointer, walk);
  return node.items.map((item, index) => {
    const at = `${pointer}/${index}`;
    walk.places.set(at, writtenAs(item, null));
    return convert(item, at, depth + 1, walk);
  });
}

function convertMap(
  { items }: YAMLMap.Parsed,
  pointer: string,
  depth: number,
  walk: Walk,
): { readonly [name: string]: Json } {
  const entries = new Map<string, Json>();
  for (const { key, value } of items) {
    const name = isScalar(key) ? String(key.value) : null;
    if (name === null) {
      walk.complaints.push(complain(pointer, "a key here is no word"));
      continue;
    }
    const at = `${pointer}/${escapePointer(name)}`;
    if (entries.has(name)) {
      walk.complaints.push(complainOfKey(at, `${JSON.stringify(name)} stands here twice`));
    }
    walk.places.set(at, writtenAs(value ?? key, key));
    entries.set(name, convert(value, at, depth + 1, walk));
  }
  return Object.fromEntries(entries);
}

function convertScalar(value: unknown, pointer: string, walk: Walk): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return refuse(walk, pointer, "this is neither a text nor a number, true, false or null");
}

function refuse(walk: Walk, pointer: string, message: string): null {
  const isKnown = walk.complaints.some((complaint) => complaint.message === message);
  if (!isKnown) walk.complaints.push(complain(pointer, message));
  return null;
}

function writtenAs(node: ParsedNode | null, key: ParsedNode | null): Written {
  const [start, end] = node?.range ?? key?.range ?? [0, 0];
  const text = isScalar(node) && typeof node.value === "string" ? node.value : null;
  return { key: key?.range[0] ?? null, start, end, text };
}

/** Where a complaint points to; a place that is not written stands for what is around it. */
function offsetOf(
  { at, spot }: Complaint,
  places: ReadonlyMap<string, Written>,
  text: string,
): number {
  let pointer = at;
  while (pointer !== "" && !places.has(pointer))
    pointer = pointer.slice(0, pointer.lastIndexOf("/"));
  const written = places.get(pointer);
  if (written === undefined) return 0;
  if (spot === "key" || pointer !== at) return written.key ?? written.start;
  if (spot === "value" || written.text === null) return written.start;
  return (
    written.start + offsetInWritten(text.slice(written.start, written.end), written.text, spot)
  );
}
