import { escapePointer } from "../../json/pointer.ts";
import type { Json, JsonObject } from "../json.ts";
import { expressionOf } from "./literal.ts";
import { entriesOf, fieldOf } from "../json-fields.ts";
import { kindOf } from "./outline.ts";
import type { OutlineStep } from "./outline.ts";
import { itemName, sightOfStep, sightOfUntil, withNames } from "./sight.ts";
import type { Sight } from "./sight.ts";

/** A text in which expressions stand, or that is one. */
export interface Site {
  /** JSON pointer. */
  readonly at: string;
  readonly kind: "template" | "shell" | "expression";
  readonly text: string;
  /** Where the text begins in what is written there. */
  readonly offset: number;
  readonly sight: Sight;
}

/** Every text of a step that is evaluated. */
export function sitesOf(step: OutlineStep): readonly Site[] {
  const { json, at } = step;
  const sight = sightOfStep(step);
  const withOutput = withNames(sight, "output");
  const common = [
    ...expressionAt(json, at, "when", sight),
    ...entriesOf(json, "outputs").flatMap(([name]) =>
      expressionAt(json["outputs"], `${at}/outputs`, name, withOutput),
    ),
  ];
  const kind = kindOf(step);
  return kind === null ? common : [...common, ...sitesOfKind[kind](step, sight)];
}

type SitesOf = (step: OutlineStep, sight: Sight) => readonly Site[];

const sitesOfAgent: SitesOf = ({ json, at }, sight) => [
  ...textAt(json, at, "task", "template", sight),
  ...textAt(json, at, "persona", "template", sight),
];

const sitesOfRun: SitesOf = ({ json, at }, sight) => [
  ...textAt(json, at, "run", "shell", sight),
  ...textsAt(json, at, "run", sight),
  ...textAt(json, at, "cwd", "template", sight),
  ...textsAt(json, at, "env", sight),
  ...textAt(json, at, "stdin", "template", sight),
];

const sitesOfApprove: SitesOf = ({ json, at }, sight) => [
  ...textAt(json, at, "approve", "template", sight),
  ...textAt(json["approve"], `${at}/approve`, "message", "template", sight),
  ...textAt(json["approve"], `${at}/approve`, "show", "shell", sight),
];

const sitesOfAsk: SitesOf = ({ json, at }, sight) => [
  ...textAt(json, at, "ask", "template", sight),
  ...textAt(json["ask"], `${at}/ask`, "question", "template", sight),
  ...textsAt(json["ask"], `${at}/ask`, "options", sight),
];

const sitesOfLoop: SitesOf = (step, sight) => [
  ...expressionAt(step.json["loop"], `${step.at}/loop`, "max", sight),
  ...expressionAt(step.json["loop"], `${step.at}/loop`, "until", sightOfUntil(step)),
];

const sitesOfForEach: SitesOf = (step, sight) => {
  const { json, at } = step;
  const written = json["for-each"];
  if (typeof written === "string") return expressionAt(json, at, "for-each", sight);
  const ofItem = withNames(sight, itemName(step), "index");
  return [
    ...expressionAt(written, `${at}/for-each`, "items", sight),
    ...expressionAt(written, `${at}/for-each`, "order", ofItem),
  ];
};

const sitesOfFlow: SitesOf = ({ json, at }, sight) => textsAt(json, at, "with", sight);

const sitesOfKind: Readonly<Record<NonNullable<ReturnType<typeof kindOf>>, SitesOf>> = {
  agent: sitesOfAgent,
  run: sitesOfRun,
  approve: sitesOfApprove,
  ask: sitesOfAsk,
  loop: sitesOfLoop,
  "for-each": sitesOfForEach,
  flow: sitesOfFlow,
};

function textAt(
  parent: Json | undefined,
  at: string,
  key: string,
  kind: "template" | "shell",
  sight: Sight,
): Site[] {
  const text = fieldOf(parent, key);
  if (typeof text !== "string") return [];
  return [{ at: `${at}/${escapePointer(key)}`, kind, text, offset: 0, sight }];
}

/** The texts in a list or an object. */
function textsAt(parent: Json | undefined, at: string, key: string, sight: Sight): Site[] {
  const texts = fieldOf(parent, key);
  if (typeof texts !== "object" || texts === null) return [];
  const fields: JsonObject = Object.fromEntries(Object.entries(texts));
  return Object.keys(fields).flatMap((name) =>
    textAt(fields, `${at}/${key}`, name, "template", sight),
  );
}

function expressionAt(
  parent: Json | undefined,
  at: string,
  key: string,
  sight: Sight,
): readonly Site[] {
  const written = fieldOf(parent, key);
  if (typeof written !== "string" || written.trim() === "") return [];
  const text = expressionOf(written);
  const offset = Math.max(0, written.indexOf(text));
  return [{ at: `${at}/${escapePointer(key)}`, kind: "expression", text, offset, sight }];
}
