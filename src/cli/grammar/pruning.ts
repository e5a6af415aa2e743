import type { Since } from "../../follow/since.ts";
import type { CommonOptions } from "../command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";
import { commonOptions, jsonOption } from "./common.ts";

const DEFAULT_AGE_DAYS = 30;

/** The options of a command that removes what ended long ago. */
export const pruneOptions: readonly OptionSpec[] = [
  {
    name: "older-than",
    kind: "value",
    placeholder: "time",
    describe: "those that ended before: 12h, 30d or 2w ago, or a day such as 2026-11-21",
    default: `${DEFAULT_AGE_DAYS}d`,
  },
  { name: "dry-run", alias: "n", kind: "flag", describe: "only say what would be removed" },
  jsonOption,
  ...commonOptions,
];

/** What such a command was given. */
export function readPruning(reader: Reader): CommonOptions & {
  readonly olderThan: Since;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
} {
  reader.none();
  const longAgo = { kind: "ago", ms: DEFAULT_AGE_DAYS * 86_400_000 } as const;
  return {
    ...reader.common(),
    olderThan: reader.since("older-than") ?? longAgo,
    isDryRun: reader.args.isOn("dry-run"),
    isJson: reader.args.isOn("json"),
  };
}
