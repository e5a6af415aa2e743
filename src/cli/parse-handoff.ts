import type { CommonOptions, HandoffCommand } from "./command.ts";
import type { Reader } from "./reader.ts";
import { sourceOf } from "./reader.ts";

const MOST_QUESTION_CHARACTERS = 10_000;

/** Which options each verb of `delegate handoff` takes, besides those of all commands. */
const optionsOf = {
  check: ["schema", "validate"],
  submit: ["run-id"],
  progress: ["run-id", "percent"],
  ask: ["run-id", "option", "free-text", "wait", "timeout"],
} as const satisfies Record<HandoffCommand["action"], readonly string[]>;

/** Reads `delegate handoff …`. */
export function readHandoffCommand(reader: Reader, common: CommonOptions): HandoffCommand {
  const { args } = reader;
  const [verb] = args.positionals;
  const shared = { ...common, name: "handoff", isJson: args.isOn("json") } as const;
  const runId = args.value("run-id");
  switch (verb) {
    case "submit":
      refuseForeignOptions(reader, verb);
      return { ...shared, action: verb, document: sourceOf(word(reader, "a file")), runId };
    case "progress": {
      refuseForeignOptions(reader, verb);
      const percent = reader.percent("percent");
      return { ...shared, action: verb, text: word(reader, "a text"), percent, runId };
    }
    case "ask":
      refuseForeignOptions(reader, verb);
      return { ...shared, action: verb, runId, ...readQuestion(reader) };
    default: {
      const file = word(reader, "a file");
      refuseForeignOptions(reader, "check");
      const schemaFile = args.value("schema");
      return {
        ...shared,
        action: "check",
        file,
        schemaFile,
        validates: args.isOn("validate", true),
      };
    }
  }
}

type WrittenQuestion = Omit<
  Extract<HandoffCommand, { readonly action: "ask" }>,
  keyof CommonOptions | "name" | "isJson" | "action" | "runId"
>;

function readQuestion(reader: Reader): WrittenQuestion {
  const { args } = reader;
  const text = word(reader, "a question").trim();
  if (text === "" || text.length > MOST_QUESTION_CHARACTERS)
    reader.refuse(
      `a question has 1 to ${MOST_QUESTION_CHARACTERS} characters`,
      "ask in a few sentences, and name the files that tell more",
    );
  const waits = args.isOn("wait");
  const timeoutMs = reader.milliseconds("timeout");
  if (timeoutMs !== null && !waits)
    reader.refuse("--timeout needs --wait", "add --wait to stay for the answer");
  const options = [...new Set(args.values("option").map((option) => option.trim()))];
  const allowsFreeText = args.isOn("free-text", true);
  if (!allowsFreeText && options.length === 0)
    reader.refuse("--no-free-text needs an --option", "add the answers to choose from");
  return { text, options, allowsFreeText, waits, timeoutMs };
}

function word(reader: Reader, what: string): string {
  return reader.words(Object.keys(optionsOf), what)[1];
}

function refuseForeignOptions(reader: Reader, verb: HandoffCommand["action"]): void {
  const own: readonly string[] = optionsOf[verb];
  const foreign = Object.values(optionsOf)
    .flat()
    .find((name) => !own.includes(name) && reader.args.isGiven(name));
  if (foreign !== undefined)
    reader.refuse(`delegate handoff ${verb} does not take --${foreign}`, "leave it out");
}
