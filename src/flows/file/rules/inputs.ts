import { escapePointer } from "../../../json/pointer.ts";
import { nearest } from "../../../text/nearest.ts";
import type { Json } from "../../json.ts";
import { complain, complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { entriesOf, fieldOf, isList, isObject } from "../../json-fields.ts";

/** Inputs that are something else than names with values, or whose schema says something that nobody reads. */
export function checkInputs(inputs: Json): readonly Complaint[] {
  const type = fieldOf(inputs, "type");
  const isOther = type !== undefined && type !== "object";
  return [
    ...(isOther
      ? [complain("/inputs/type", "inputs are names with values; this can only be object")]
      : []),
    ...misspelled(inputs, "/inputs"),
  ];
}

/** JSON Schema leaves alone what it does not know; a word that is nearly one of its own is a slip all the same. */
function misspelled(schema: Json, at: string): readonly Complaint[] {
  if (!isObject(schema)) return [];
  const slips = Object.keys(schema).flatMap((key) => {
    const meant = keywords.has(key) ? null : nearest(key, [...keywords]);
    if (meant === null) return [];
    const text = `"${key}" is no word of JSON Schema; did you mean "${meant}"?`;
    return [complainOfKey(`${at}/${escapePointer(key)}`, text)];
  });
  return [
    ...slips,
    ...schemasIn(schema, at).flatMap((inner) => misspelled(inner.schema, inner.at)),
  ];
}

interface Inner {
  readonly schema: Json;
  readonly at: string;
}

function schemasIn(schema: Json, at: string): readonly Inner[] {
  const named = ofNames.flatMap((key) =>
    entriesOf(schema, key).map(([name, inner]) => ({
      schema: inner,
      at: `${at}/${key}/${escapePointer(name)}`,
    })),
  );
  const others = ofSchemas.flatMap((key) => {
    const inner = fieldOf(schema, key);
    if (inner === undefined) return [];
    if (!isList(inner)) return [{ schema: inner, at: `${at}/${key}` }];
    return inner.map((one, index) => ({ schema: one, at: `${at}/${key}/${index}` }));
  });
  return [...named, ...others];
}

/** Keywords with a schema for each of several names. */
const ofNames = ["properties", "patternProperties", "$defs", "dependentSchemas"];

/** Keywords with one schema or a list of them. */
const ofSchemas = wordsOf(`
  items prefixItems contains additionalProperties propertyNames unevaluatedItems unevaluatedProperties
  allOf anyOf oneOf not if then else`);

const others = wordsOf(`
  $schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment definitions dependencies type enum const
  required minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format
  contentEncoding contentMediaType contentSchema minItems maxItems uniqueItems minContains maxContains minProperties
  maxProperties dependentRequired title description default deprecated readOnly writeOnly examples example`);

const keywords: ReadonlySet<string> = new Set([...ofNames, ...ofSchemas, ...others]);

function wordsOf(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
