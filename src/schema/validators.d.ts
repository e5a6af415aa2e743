import type { Handoff } from "../handoff/document.ts";

/** One thing that a validator complains about. */
export interface ValidatorError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** A check that was compiled from a schema at build time; `errors` belong to the last call. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly ValidatorError[] | null;
}

/** `schemas/handoff.schema.json` */
export const handoffStrict: Validator<Handoff>;
/** `schemas/handoff-basic.schema.json` */
export const handoffBasic: Validator<Pick<Handoff, "status" | "result">>;
/** `schemas/config.schema.json` */
export const configFile: Validator<object>;
/** `schemas/registry.schema.json` */
export const registryFile: Validator<object>;
