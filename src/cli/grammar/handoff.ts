import type { CommonOptions, HandoffCommand } from "../command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";
import { sourceOf } from "../command-line/reader.ts";
import { commonOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

const MOST_QUESTION_CHARACTERS = 10_000;

type Verb = HandoffCommand["action"];

/** Options that only these verbs take. */
function only(verbs: readonly Verb[], ...options: readonly OptionSpec[]): readonly OptionSpec[] {
  return options.map((option) => ({ ...option, verbs, group: `Options of ${verbs.join(", ")}` }));
}

/** `delegate handoff …`. */
export const handoffGrammar: CommandGrammar = {
  name: "handoff",
  usage: "check|submit|progress|ask …",
  describe: "For agents: check a handoff, hand it over, say how far you are, or ask.",
  prints: "document",
  verbs: [
    {
      name: "check",
      usage: "<file|->",
      describe: "tell all that is wrong with a handoff; exit 5 if anything is",
    },
    {
      name: "submit",
      usage: "<file|->",
      describe: "check it as the caller will, and put it into its place if nothing is wrong",
    },
    { name: "progress", usage: '"<text>"', describe: "a sign of life, shown to whoever watches" },
    {
      name: "ask",
      usage: '"<question>"',
      describe: "ask from inside your run; prints the question's id",
    },
  ],
  options: [
    ...only(
      ["check"],
      {
        name: "schema",
        kind: "value",
        placeholder: "file",
        describe: "JSON Schema that its data must satisfy",
        default: "the run's own",
      },
      { name: "validate", kind: "negatable", describe: "look only at status and result" },
    ),
    ...only(["submit", "progress", "ask"], {
      name: "run-id",
      kind: "value",
      placeholder: "id",
      describe: "the run that is worked on",
      default: "$DELEGATE_RUN_ID",
    }),
    ...only(["progress"], {
      name: "percent",
      kind: "value",
      placeholder: "n",
      describe: "how far you are, 0 to 100",
    }),
    ...only(
      ["ask"],
      {
        name: "option",
        kind: "list",
        placeholder: "text",
        describe: "an answer to choose; may be repeated",
      },
      { name: "free-text", kind: "negatable", describe: "only an option may be the answer" },
      {
        name: "wait",
        kind: "flag",
        describe: "stay for the answer and print it; exit 7 when the question is skipped",
      },
      {
        name: "timeout",
        kind: "value",
        placeholder: "sec",
        describe: "with --wait: most time to wait, then exit 3",
        default: "as long as the run lasts",
      },
    ),
    jsonOption,
    ...commonOptions,
  ],
  examples: [
    ["delegate handoff check result.json", "before you hand it over"],
    ["delegate handoff submit result.json", "the run is DELEGATE_RUN_ID, or give --run-id"],
    ['delegate handoff progress "reading the plan" --percent 30', "as often as you like"],
    ['delegate handoff ask "Which database?" --option SQLite --option PostgreSQL --wait', ""],
  ],
  read: readHandoff,
};

function readHandoff(reader: Reader): HandoffCommand {
  const { args } = reader;
  const verb = reader.verb<Verb>("check", "submit", "progress", "ask");
  const shared = { ...reader.common(), name: "handoff", isJson: args.isOn("json") } as const;
  const runId = args.value("run-id");
  switch (verb) {
    case "submit":
      return {
        ...shared,
        action: verb,
        document: sourceOf(reader.wordBehindVerb("a file")),
        runId,
      };
    case "progress": {
      const percent = reader.percent("percent");
      return { ...shared, action: verb, text: reader.wordBehindVerb("a text"), percent, runId };
    }
    case "ask":
      return { ...shared, action: verb, runId, ...readQuestion(reader) };
    case "check":
      return {
        ...shared,
        action: verb,
        document: sourceOf(reader.wordBehindVerb("a file")),
        schemaFile: args.value("schema"),
        validates: args.isOn("validate", true),
      };
  }
}

type WrittenQuestion = Omit<
  Extract<HandoffCommand, { readonly action: "ask" }>,
  keyof CommonOptions | "name" | "isJson" | "action" | "runId"
>;

function readQuestion(reader: Reader): WrittenQuestion {
  const { args } = reader;
  const text = reader.wordBehindVerb("a question").trim();
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
