import type { Json } from "../../../json/json.ts";
import { complain } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { fieldOf } from "../../../json/json-fields.ts";

/** Inputs that are something else than names with values. */
export function checkInputs(inputs: Json): readonly Complaint[] {
  const type = fieldOf(inputs, "type");
  if (type === undefined || type === "object") return [];
  return [complain("/inputs/type", "inputs are names with values; this can only be object")];
}
