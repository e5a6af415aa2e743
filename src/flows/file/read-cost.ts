import type { Cost } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { numberOf } from "../../json/json-fields.ts";

/** What is written of money and tokens. */
export function readCost(written: Json | undefined): Cost {
  return { costUsd: numberOf(written, "costUsd"), tokens: numberOf(written, "tokens") };
}
