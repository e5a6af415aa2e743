import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";

const DEFAULT_LIMIT = 20;

/** How much a list shows. */
export const limitOption: OptionSpec = {
  name: "limit",
  kind: "value",
  placeholder: "n",
  describe: "at most so many",
  default: String(DEFAULT_LIMIT),
};

/** Reads {@link limitOption}. */
export function readLimit(reader: Reader): number {
  return reader.count("limit") ?? DEFAULT_LIMIT;
}
