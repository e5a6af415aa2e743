import type { Validator } from "./validators.js";

/** JSON Schema 2020-12's own schema. */
export const jsonSchema: Validator<boolean | Readonly<Record<string, unknown>>>;
