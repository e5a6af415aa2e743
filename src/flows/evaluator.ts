import type { Expression, Template } from "./flow.ts";
import type { Json } from "./json.ts";
import type { ShellLine } from "./work.ts";

/** What an expression sees, by name. */
export type Scope = Readonly<Record<string, Json>>;

/** Why a template has no value: which expression, and what is wrong with it. */
interface RenderFailure {
  readonly ok: false;
  readonly message: string;
  readonly expression: Expression;
}

/** Gives expressions their values. Nothing in it fails by an exception. */
export interface Evaluator {
  evaluate(
    expression: Expression,
    scope: Scope,
  ): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };
  renderTemplate(
    template: Template,
    scope: Scope,
  ): { readonly ok: true; readonly text: string } | RenderFailure;
  renderValue(
    template: Template,
    scope: Scope,
  ): { readonly ok: true; readonly value: Json } | RenderFailure;
  renderShellLine(
    template: Template,
    scope: Scope,
  ): ({ readonly ok: true } & ShellLine) | RenderFailure;
}
