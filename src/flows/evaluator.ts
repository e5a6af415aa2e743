import type { RenderedShellLine } from "./expression/shell-line.ts";
import type { Evaluation, RenderedText, RenderedValue } from "./expression/render.ts";
import type { Expression, Template } from "./flow.ts";
import type { Json, JsonObject } from "./json.ts";

/**
 * What an expression may see, by name. `previous: null` says that there was no previous iteration; without that name
 * there is no loop.
 */
export type Scope = Readonly<Record<string, Json>>;

/** Gives expressions their values, and judges those that another flow gets. Nothing in it fails by an exception. */
export interface Evaluator {
  evaluate(expression: Expression, scope: Scope): Evaluation;
  /** Texts stay as they are, null becomes nothing, all else JSON. */
  renderTemplate(template: Template, scope: Scope): RenderedText;
  /** A template that is nothing but one expression keeps the type of its value. */
  renderValue(template: Template, scope: Scope): RenderedValue;
  /** For `/bin/sh`: every value becomes a variable, and never a part of the program. */
  renderShellLine(template: Template, scope: Scope): RenderedShellLine;
  /** What is wrong with inputs by the JSON Schema of a flow, in sentences. */
  findInputTroubles(schema: Json, inputs: JsonObject): readonly string[];
}
