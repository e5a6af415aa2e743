import type { FlowAnswerCommand, FlowApproveCommand, RecoveryChoice } from "../flow/command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";
import { byOption, commonOptions, jsonOption, runOptions } from "./common.ts";
import { detachOption, flowFormatOption } from "./flow-run.ts";
import type { CommandDefaults, CommandGrammar } from "./grammar.ts";

const by: OptionSpec = { ...byOption, default: "$DELEGATE_CALLER, else your user name" };

const digest: OptionSpec = {
  name: "digest",
  kind: "value",
  placeholder: "letters",
  describe:
    "only if this is still what is to be approved: the first letters that were shown with it",
};

function noteOption(describe: string): OptionSpec {
  return { name: "note", kind: "value", placeholder: "text", describe };
}

/** `delegate flow approve <id> <step>`. */
export const flowApproveGrammar: CommandGrammar = {
  name: "flow approve",
  usage: "<id> <step>",
  describe:
    "Approve what a step waits for. On a terminal, without --digest, it is shown first and you are asked.",
  prints: "document",
  options: [noteOption("something to go with it"), digest, by, jsonOption, ...commonOptions],
  read: (reader, defaults) => readApproval("approve", reader, defaults),
};

/** `delegate flow reject <id> <step>`. */
export const flowRejectGrammar: CommandGrammar = {
  name: "flow reject",
  usage: "<id> <step>",
  describe: "Reject what a step waits for; the flow says where it goes then.",
  prints: "document",
  options: [
    noteOption("why; whoever tries again gets to read it"),
    digest,
    by,
    jsonOption,
    ...commonOptions,
  ],
  examples: [
    ['delegate flow reject <id> approval --note "The tests of the old format are gone"', ""],
  ],
  read: (reader, defaults) => readApproval("reject", reader, defaults),
};

/** `delegate flow answer <id> <step>`. */
export const flowAnswerGrammar: CommandGrammar = {
  name: "flow answer",
  usage: "<id> <step> [text]",
  describe:
    "Answer what a step of the flow asks: with a text, or with --option. - reads it from stdin.",
  prints: "document",
  options: [
    {
      name: "option",
      kind: "value",
      placeholder: "n",
      describe: "the answer is this option, from 1",
    },
    by,
    jsonOption,
    ...commonOptions,
  ],
  read: readAnswer,
};

/** `delegate flow cancel <id>`. */
export const flowCancelGrammar: CommandGrammar = {
  name: "flow cancel",
  usage: "<id>",
  describe: "End a flow run and all that is under way in it.",
  prints: "document",
  options: [
    { name: "reason", kind: "value", placeholder: "text", describe: "why, for the record" },
    by,
    jsonOption,
    ...commonOptions,
  ],
  read: (reader, defaults) => ({
    ...reader.common(),
    name: "flow",
    action: "cancel",
    flowRunId: reader.only("the id of a flow run"),
    reason: reader.args.value("reason"),
    by: reader.args.value("by") ?? defaults.caller,
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate flow resume <id>`. */
export const flowResumeGrammar: CommandGrammar = {
  name: "flow resume",
  usage: "<id>",
  describe:
    "Carry on a flow run that nobody works on, to its end. A step that may have ended when its worker died, and of which the flow says that somebody decides, needs --decide.",
  prints: "outcome",
  options: [
    {
      name: "decide",
      kind: "list",
      placeholder: "step=rerun|skip",
      describe: "begin that step again, or go on without it; may be repeated",
    },
    detachOption,
    flowFormatOption,
    ...runOptions,
  ],
  examples: [["delegate flow resume <id> --decide publish=skip", ""]],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "resume",
    flowRunId: reader.only("the id of a flow run"),
    choices: reader.args.values("decide").map((word) => readChoice(word, reader)),
    doesDetach: reader.args.isOn("detach"),
    format: reader.format(),
  }),
};

/** `delegate flow retry <id>`. */
export const flowRetryGrammar: CommandGrammar = {
  name: "flow retry",
  usage: "<id> --from <step>",
  describe:
    "Do a step again, and all that came after it, then go on to the end. What it did outside of the flow is not undone.",
  prints: "outcome",
  options: [
    {
      name: "from",
      kind: "value",
      placeholder: "step",
      describe: "the step to begin with: its id, or its whole key such as work.2.code",
    },
    detachOption,
    flowFormatOption,
    ...runOptions,
  ],
  examples: [["delegate flow retry <id> --from verify", ""]],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "retry",
    flowRunId: reader.only("the id of a flow run"),
    step:
      reader.args.value("from") ??
      reader.refuse("--from is missing", "say with which step to begin: --from <step>"),
    doesDetach: reader.args.isOn("detach"),
    format: reader.format(),
  }),
};

function readApproval(
  action: "approve" | "reject",
  reader: Reader,
  defaults: CommandDefaults,
): FlowApproveCommand & { readonly name: "flow" } {
  const [flowRunId = "", step = ""] = reader.words("the id of a flow run", "a step");
  const given = reader.args.value("digest");
  if (given !== null && !/^[0-9a-f]{6,64}$/.test(given))
    reader.refuse(
      `--digest ${JSON.stringify(given)} is no digest`,
      "give at least 6 of its letters, as they were shown",
    );
  return {
    ...reader.common(),
    name: "flow",
    action,
    flowRunId,
    step,
    note: reader.args.value("note"),
    digest: given,
    by: reader.args.value("by") ?? defaults.caller,
    isJson: reader.args.isOn("json"),
  };
}

function readAnswer(
  reader: Reader,
  defaults: CommandDefaults,
): FlowAnswerCommand & { readonly name: "flow" } {
  const option = reader.count("option");
  const needed = ["the id of a flow run", "a step", ...(option === null ? ["an answer"] : [])];
  const [flowRunId = "", step = "", text = ""] = reader.words(...needed);
  return {
    ...reader.common(),
    name: "flow",
    action: "answer",
    flowRunId,
    step,
    reply:
      option === null
        ? { kind: "text", source: text === "-" ? { kind: "stdin" } : { kind: "text", text } }
        : { kind: "option", number: option },
    by: reader.args.value("by") ?? defaults.caller,
    isJson: reader.args.isOn("json"),
  };
}

function readChoice(word: string, reader: Reader): RecoveryChoice {
  const [, step = "", choice] = /^([^=]+)=(rerun|skip)$/.exec(word) ?? [];
  if (choice === "rerun" || choice === "skip") return { step, choice };
  return reader.refuse(
    `--decide ${JSON.stringify(word)} decides nothing`,
    "write --decide <step>=rerun or --decide <step>=skip",
  );
}
