import type { TextSource, WrittenReply } from "../command.ts";
import type { Reader } from "../command-line/reader.ts";
import { byOption, commonOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** `delegate questions`. */
export const questionsGrammar: CommandGrammar = {
  name: "questions",
  usage: "",
  describe: "List what agents ask, oldest first; without --open also what was answered lately.",
  prints: "document",
  options: [
    { name: "open", kind: "flag", describe: "only those that wait for an answer" },
    jsonOption,
    ...commonOptions,
  ],
  read: (reader) => {
    reader.none();
    return {
      ...reader.common(),
      name: "questions",
      isOpenOnly: reader.args.isOn("open"),
      isJson: reader.args.isOn("json"),
    };
  },
};

/** `delegate answer <questionId>`. */
export const answerGrammar: CommandGrammar = {
  name: "answer",
  usage: "<questionId> [text | -]",
  describe: "Answer a question; its run goes on with the answer. - reads it from stdin.",
  prints: "document",
  options: [
    {
      name: "option",
      kind: "value",
      placeholder: "n",
      describe: "the answer is this option, from 1",
    },
    { name: "approve", kind: "flag", describe: "the answer is what the foreman proposes" },
    {
      name: "discuss",
      kind: "value",
      placeholder: "text",
      describe: "say something about the proposal; the foreman proposes anew",
    },
    byOption,
    jsonOption,
    ...commonOptions,
  ],
  examples: [
    ['delegate answer <questionId> "PostgreSQL"', "then, if nobody waits: delegate wait <runId>"],
    ["delegate answer <questionId> --option 2", "the second of its options"],
  ],
  read: (reader, defaults) => ({
    ...reader.common(),
    name: "answer",
    questionId: reader.first("a question id"),
    reply: readReply(reader),
    by: reader.args.value("by") ?? defaults.caller,
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate skip <questionId>`. */
export const skipGrammar: CommandGrammar = {
  name: "skip",
  usage: "<questionId>",
  describe: "Close a question without an answer; the agent decides by itself.",
  prints: "document",
  options: [byOption, jsonOption, ...commonOptions],
  read: (reader, defaults) => ({
    ...reader.common(),
    name: "answer",
    questionId: reader.only("a question id"),
    reply: { kind: "skip" },
    by: reader.args.value("by") ?? defaults.caller,
    isJson: reader.args.isOn("json"),
  }),
};

/** Exactly one way to answer. */
function readReply(reader: Reader): WrittenReply {
  const { args } = reader;
  const [, text, extra] = args.positionals;
  if (extra !== undefined)
    reader.refuse(`${JSON.stringify(extra)} is one word too many`, "put the answer in quotes");
  const option = reader.count("option");
  const remark = args.value("discuss");
  const replies: readonly (WrittenReply | null)[] = [
    text === undefined ? null : { kind: "text", source: answerSource(text) },
    option === null ? null : { kind: "option", number: option },
    args.isOn("approve") ? { kind: "approve" } : null,
    remark === null ? null : { kind: "discuss", text: remark },
  ];
  const [reply, another] = replies.filter((one) => one !== null);
  const ways = "give a text, - for stdin, --option <n>, --approve or --discuss <text>";
  if (reply === undefined) reader.refuse("an answer is missing", ways);
  if (another !== undefined) reader.refuse("one answer is enough", ways);
  return reply;
}

function answerSource(text: string): TextSource {
  return text === "-" ? { kind: "stdin" } : { kind: "text", text };
}
