import type { Validator, ValidatorError } from "./validators.js";

export type { ValidatorError };

/** `schemas/flow.schema.json` */
export const flowFile: Validator<object>;
