import type { Flow, Template } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { parseTemplate } from "../expression/template.ts";
import { fieldOf, textOf } from "../../json/json-fields.ts";
import { allSteps, kindOf } from "./outline.ts";
import type { OutlineScope } from "./outline.ts";

/** A file that a flow file names, and where it does. */
export interface Link {
  readonly kind: "schema" | "flow" | "persona";
  readonly name: string;
  /** JSON pointer. */
  readonly at: string;
}

/** What the named files hold, by the names that the flow file has for them. What could not be read is not there. */
export interface Links {
  readonly schemas: ReadonlyMap<string, Json>;
  readonly flows: ReadonlyMap<string, Flow>;
  readonly personas: ReadonlyMap<string, string>;
}

/** Everything that a flow file names, each as often as it is named. */
export function linksOf(document: Json, root: OutlineScope): readonly Link[] {
  const ofSteps = allSteps(root).flatMap((step): Link[] => {
    const kind = kindOf(step);
    if (kind === "flow") return linkAt(step.json, step.at, "flow", "flow");
    if (kind !== "agent") return [];
    const persona = textOf(step.json, "persona");
    return [
      ...linkAt(step.json, step.at, "schema", "schema"),
      ...(persona !== null && isWord(persona)
        ? linkAt(step.json, step.at, "persona", "persona")
        : []),
    ];
  });
  const personas = fieldOf(document, "personas");
  const names = Array.isArray(personas) ? Object.entries(personas) : [];
  return [
    ...names.flatMap(([index, name]): Link[] =>
      typeof name === "string" ? [{ kind: "persona", name, at: `/personas/${index}` }] : [],
    ),
    ...ofSteps,
  ];
}

/** The JSON Schemas of a flow file and where they are written or named. */
export function schemasOf(
  document: Json,
  root: OutlineScope,
  { schemas }: Links,
): readonly { readonly at: string; readonly schema: Json }[] {
  const inputs = fieldOf(document, "inputs");
  const ofSteps = allSteps(root).flatMap(({ json, at }) => {
    const written = json["schema"];
    const schema = typeof written === "string" ? schemas.get(written) : written;
    return schema === undefined ? [] : [{ at: `${at}/schema`, schema }];
  });
  return [...(inputs === undefined ? [] : [{ at: "/inputs", schema: inputs }]), ...ofSteps];
}

/** Whether a template has no expression, so that it says the same always. */
export function isWord(template: Template): boolean {
  const parsed = parseTemplate(template);
  return parsed.ok && parsed.parts.every(({ kind }) => kind === "text");
}

function linkAt(json: Json, at: string, key: string, kind: Link["kind"]): Link[] {
  const name = textOf(json, key);
  return name === null || name.trim() === "" ? [] : [{ kind, name, at: `${at}/${key}` }];
}
