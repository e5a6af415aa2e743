import { notifiers } from "../../config/notify.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";

const config: OptionSpec = {
  name: "config",
  kind: "value",
  placeholder: "file",
  describe: "the config to use",
  default:
    "$DELEGATE_CONFIG, then delegate.config.json upwards from here, then the user's config folder",
};
const verbose: OptionSpec = {
  name: "verbose",
  alias: "v",
  kind: "flag",
  describe: "tell each event of the run on stderr",
};
const color: OptionSpec = {
  name: "color",
  kind: "negatable",
  describe: "taken for the sake of scripts; nothing is colored anyway",
};
const quiet: OptionSpec = {
  name: "quiet",
  alias: "q",
  kind: "flag",
  describe: "nothing on stderr but failures",
};
const help: OptionSpec = { name: "help", alias: "h", kind: "flag", describe: "this help" };

/** The options of every command that follows a run. */
export const runOptions: readonly OptionSpec[] = [config, quiet, verbose, color, help];

/** The options of every other command; all take the same ones, so that scripts can pass them anywhere. */
export const commonOptions: readonly OptionSpec[] = [
  config,
  quiet,
  { ...verbose, isHidden: true },
  { ...color, isHidden: true },
  help,
];

/** The same for a command that reads no config. */
export const configlessOptions: readonly OptionSpec[] = commonOptions.map((option) =>
  option.name === "config" ? { ...option, isHidden: true } : option,
);

/** How an outcome is printed. */
export const formatOption: OptionSpec = {
  name: "format",
  kind: "value",
  placeholder: "json|text",
  choices: ["json", "text"],
  describe: "json: one document on stdout; text: the result's text alone",
  default: "json",
};

/** The same for commands that print something else. */
export const jsonOption: OptionSpec = {
  name: "json",
  kind: "flag",
  describe: "one JSON document on stdout, also for a failure",
};

/** What becomes of this process when the agent asks. */
export const onQuestionOption: OptionSpec = {
  name: "on-question",
  kind: "value",
  placeholder: "exit|wait",
  choices: ["exit", "wait"],
  describe:
    "when the agent asks: leave with exit code 7, and delegate wait goes on; or stay until it is answered",
  default: "exit",
};

/** Who is told of a run elsewhere. */
export const notifyOptions: readonly OptionSpec[] = [
  {
    name: "notify",
    kind: "list",
    placeholder: "telegram",
    choices: notifiers,
    describe: "tell of the run there until its end, besides where the config says",
  },
  { name: "no-notify", kind: "flag", describe: "tell of the run nowhere" },
];

/** Who says or does something to a run. */
export const byOption: OptionSpec = {
  name: "by",
  kind: "value",
  placeholder: "name",
  describe: "who says so, for the record",
  default: "$DELEGATE_CALLER",
};

/** Puts options under a heading of the help. */
export function grouped(group: string, options: readonly OptionSpec[]): readonly OptionSpec[] {
  return options.map((option) => ({ ...option, group }));
}
