import { formatOption, notifyOptions, onQuestionOption, runOptions } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** `delegate wait <runId>`. */
export const waitGrammar: CommandGrammar = {
  name: "wait",
  usage: "<runId>",
  describe:
    "Wait for the outcome of a run that was begun earlier, from any process. The times say only how long to wait here: the run keeps the limits that it was begun with.",
  prints: "outcome",
  options: [
    {
      name: "timeout",
      kind: "value",
      placeholder: "sec",
      describe: "most time to wait here, then exit 3; the run goes on",
      default: "until its end",
    },
    {
      name: "deadline",
      kind: "value",
      placeholder: "sec",
      describe: "the same, counted from the beginning of the run",
      default: "none",
    },
    {
      name: "idle-timeout",
      kind: "value",
      placeholder: "sec",
      describe: "the same, counted anew at each sign of life of the agent",
      default: "none",
    },
    formatOption,
    onQuestionOption,
    ...notifyOptions,
    ...runOptions,
  ],
  examples: [["delegate wait <runId> --timeout 8", "again while error.code is still_running"]],
  read: (reader) => ({
    ...reader.common(),
    name: "wait",
    runId: reader.only("a run id"),
    timeoutMs: reader.milliseconds("timeout"),
    deadlineMs: reader.milliseconds("deadline"),
    idleTimeoutMs: reader.milliseconds("idle-timeout"),
    onQuestion: reader.onQuestion(),
    format: reader.format(),
    notify: reader.notify(),
  }),
};
