import type { Expression, Template } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { parseTemplate } from "../expression/template.ts";

/** A written condition or list as an expression: bare, between `${{ }}`, or a value that is written out. */
export function expressionOf(written: Json): Expression {
  if (typeof written !== "string") return JSON.stringify(written);
  const parsed = parseTemplate(written.trim());
  const [only, ...more] = parsed.ok ? parsed.parts : [];
  return only?.kind === "expression" && more.length === 0 ? only.source : written.trim();
}

/** A written value as a template that keeps its type. */
export function valueTemplateOf(written: Json): Template {
  return typeof written === "string" ? written : `\${{ ${JSON.stringify(written)} }}`;
}
