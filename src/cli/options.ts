import { notifiers } from "../config/notify.ts";
import { failureKinds } from "../failure.ts";

/** What `delegate list` can show as a run's status, or what `status` is in its outcome. */
const shownStatuses: readonly string[] = [
  "running",
  "complete",
  "partial",
  ...new Set(Object.values(failureKinds).map(({ status }) => status)),
  ...Object.keys(failureKinds),
].filter((status, index, all) => all.indexOf(status) === index);

/** One option of the command line, as parsed, explained and completed. */
export interface OptionSpec {
  readonly name: string;
  readonly alias?: string;
  /** A flag; a flag that is on until `--no-<name>`; one value; or a value that may be given several times. */
  readonly kind: "flag" | "negatable" | "value" | "list";
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly describe: string;
}

/** The options of one command, and what it takes besides them. */
export interface CommandSpec {
  readonly name: string;
  /** The positional arguments as the help shows them. */
  readonly usage: string;
  readonly describe: string;
  readonly options: readonly OptionSpec[];
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
}

const common: readonly OptionSpec[] = [
  {
    name: "config",
    kind: "value",
    placeholder: "file",
    describe:
      "the config to use (default: $DELEGATE_CONFIG, then delegate.config.json upwards from here, then the user's config folder)",
  },
  { name: "quiet", alias: "q", kind: "flag", describe: "nothing on stderr but failures" },
  { name: "verbose", alias: "v", kind: "flag", describe: "tell each event of the run on stderr" },
  { name: "color", kind: "negatable", describe: "no color on stderr (also NO_COLOR)" },
  { name: "help", alias: "h", kind: "flag", describe: "this help" },
];

const format: OptionSpec = {
  name: "format",
  kind: "value",
  placeholder: "json|text",
  choices: ["json", "text"],
  describe: "json: one document on stdout; text: the result's text alone (default json)",
};
const json: OptionSpec = { name: "json", kind: "flag", describe: "one JSON document on stdout" };
const onInterrupt: OptionSpec = {
  name: "on-interrupt",
  kind: "value",
  placeholder: "detach|cancel",
  choices: ["detach", "cancel"],
  describe: "what Ctrl-C does: leave the work running (default), or end it",
};
const onQuestion: OptionSpec = {
  name: "on-question",
  kind: "value",
  placeholder: "wait|exit",
  choices: ["wait", "exit"],
  describe:
    "when the agent asks: stay until it is answered, or leave with exit code 7; delegate wait goes on (default exit)",
};
const by: OptionSpec = {
  name: "by",
  kind: "value",
  placeholder: "name",
  describe: "who says so, for the record (default $DELEGATE_CALLER)",
};
const timeoutOfRun: OptionSpec = {
  name: "timeout",
  kind: "value",
  placeholder: "sec",
  describe: "most time for one attempt, from its admission (default 300)",
};

const notify: readonly OptionSpec[] = [
  {
    name: "notify",
    kind: "list",
    placeholder: "telegram",
    choices: notifiers,
    describe: "tell of the run there until its end, besides where the config says",
  },
  { name: "no-notify", kind: "flag", describe: "tell of it nowhere" },
];

/** `delegate <agent> <task>`. */
export const delegateSpec: CommandSpec = {
  name: "",
  usage: "<agent> <task>",
  describe: "Hand a task to another agent and wait for its validated result. <task> - reads stdin.",
  options: [
    {
      name: "wait",
      kind: "negatable",
      describe:
        "send, print {status: sent, runId, agent} and leave; get the result later with delegate wait",
    },
    timeoutOfRun,
    {
      name: "deadline",
      kind: "value",
      placeholder: "sec",
      describe: "most time for the whole run, retries included",
    },
    {
      name: "idle-timeout",
      kind: "value",
      placeholder: "sec",
      describe:
        "most time without a sign of life: a handoff with status working, or a changed file",
    },
    {
      name: "retries",
      alias: "attempts",
      kind: "value",
      placeholder: "n",
      describe: "attempts in all, the first included: 1 to 3 (default 1)",
    },
    format,
    ...notify,
    onInterrupt,
    onQuestion,
    {
      name: "task-file",
      kind: "value",
      placeholder: "file",
      describe: "read the task from a file",
    },
    {
      name: "context",
      kind: "list",
      placeholder: "file",
      describe: "text put before the task as material; may be repeated; - is stdin",
    },
    {
      name: "channel-context",
      kind: "value",
      placeholder: "channel",
      describe: "put the newest messages of a Discord channel (name or id) before the task",
    },
    {
      name: "channel-messages",
      kind: "value",
      placeholder: "n",
      describe: "how many of them: 1 to 30 (default 20)",
    },
    {
      name: "deliver",
      kind: "negatable",
      describe: "don't have the agent's reply posted to its channel",
    },
    {
      name: "run-id",
      kind: "value",
      placeholder: "id",
      describe: "own id; the same id again returns the stored outcome or joins the run",
    },
    {
      name: "validate",
      kind: "negatable",
      describe: "check only status and result of the handoff",
    },
    {
      name: "schema",
      kind: "value",
      placeholder: "file",
      describe: "JSON Schema (2020-12) that the handoff's data must satisfy",
    },
    {
      name: "workflow-id",
      kind: "value",
      placeholder: "id",
      describe: "carried into message, log and result as workflowRunId",
    },
    {
      name: "step-id",
      kind: "value",
      placeholder: "id",
      describe: "carried into message, log and result as stepId",
    },
    {
      name: "caller",
      kind: "value",
      placeholder: "agent",
      describe: "who delegates (default $DELEGATE_CALLER)",
    },
    {
      name: "parent",
      kind: "value",
      placeholder: "runId",
      describe: "the run within which it delegates (default $DELEGATE_PARENT_RUN)",
    },
    {
      name: "dry-run",
      alias: "n",
      kind: "flag",
      describe: "print what would be sent, and send nothing",
    },
    { name: "health", kind: "negatable", describe: "don't ask the gateway for its health first" },
    ...common,
    { name: "version", kind: "flag", describe: "print the version" },
  ],
  examples: [
    [
      'delegate tech-lead "Review the plan in /srv/plan.md" --retries 2',
      "wait for the result, as JSON",
    ],
    ['git diff | delegate reviewer "Review this" --context - --format text', "in a pipeline"],
    ['delegate tech-lead "…" --no-wait', "then: delegate wait <runId>"],
  ],
};

/** Every named command; the first word of the command line chooses. */
export const commandSpecs: readonly CommandSpec[] = [
  {
    name: "wait",
    usage: "<runId>",
    describe: "Wait for the outcome of a run that was begun earlier, from any process.",
    options: [
      {
        name: "timeout",
        kind: "value",
        placeholder: "sec",
        describe: "most time to wait here; the run itself goes on (default: until its end)",
      },
      onQuestion,
      format,
      ...notify,
      ...common,
    ],
  },
  {
    name: "show",
    usage: "<runId>",
    describe: "Show a run: its record, its events, its message.",
    options: [json, ...common],
  },
  {
    name: "list",
    usage: "",
    describe: "List runs, newest first.",
    options: [
      {
        name: "status",
        kind: "value",
        placeholder: "status",
        choices: shownStatuses,
        describe: "only runs with this status or error code; running for those in flight",
      },
      { name: "agent", kind: "value", placeholder: "agent", describe: "only runs of this agent" },
      {
        name: "caller",
        kind: "value",
        placeholder: "agent",
        describe: "only runs that this agent delegated",
      },
      { name: "limit", kind: "value", placeholder: "n", describe: "at most so many (default 20)" },
      json,
      ...common,
    ],
  },
  {
    name: "logs",
    usage: "[runId]",
    describe: "Show what has happened: in one run, or in all of them, today.",
    options: [
      {
        name: "follow",
        alias: "f",
        kind: "flag",
        describe: "go on as more happens; with a run, until its end, then with its exit code",
      },
      {
        name: "since",
        kind: "value",
        placeholder: "time",
        describe: "only what happened since: 10m, 2h, 3d, or an instant such as 2026-11-21T09:00Z",
      },
      {
        name: "after-seq",
        kind: "value",
        placeholder: "n",
        describe: "only the run's events with a higher seq than this",
      },
      { name: "agent", kind: "value", placeholder: "agent", describe: "only runs of this agent" },
      { name: "json", kind: "flag", describe: "one event a line, as it is stored (NDJSON)" },
      ...common,
    ],
    examples: [
      ["delegate logs -f", "everything, as it happens"],
      ["delegate logs <runId> -f --json --after-seq 7", "one run, on from the eighth event"],
    ],
  },
  {
    name: "watch",
    usage: "[runId…]",
    describe:
      "Watch runs live, one line each: those named until they have ended, or all in flight until Ctrl-C.",
    options: [
      {
        name: "exit-status",
        kind: "flag",
        describe: "end with the exit code of the run that failed first; 0 if none did",
      },
      ...common,
    ],
  },
  {
    name: "questions",
    usage: "",
    describe: "List what agents ask, oldest first; without --open also what was answered lately.",
    options: [
      { name: "open", kind: "flag", describe: "only those that wait for an answer" },
      json,
      ...common,
    ],
  },
  {
    name: "answer",
    usage: "<questionId> [text | -]",
    describe: "Answer a question; its run goes on with the answer.",
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
      by,
      json,
      ...common,
    ],
    examples: [
      ['delegate answer <questionId> "PostgreSQL"', "then, if nobody waits: delegate wait <runId>"],
      ["delegate answer <questionId> --option 2", "the second of its options"],
    ],
  },
  {
    name: "skip",
    usage: "<questionId>",
    describe: "Close a question without an answer; the agent decides by itself.",
    options: [by, json, ...common],
  },
  {
    name: "cancel",
    usage: "<runId>",
    describe: "End a run and all that was delegated from within it.",
    options: [
      { name: "reason", kind: "value", placeholder: "text", describe: "why, for the record" },
      {
        name: "caller",
        kind: "value",
        placeholder: "agent",
        describe: "who cancels (default $DELEGATE_CALLER)",
      },
      json,
      ...common,
    ],
  },
  {
    name: "prune",
    usage: "",
    describe: "Remove runs that ended long ago; never live ones or those with open questions.",
    options: [
      {
        name: "older-than",
        kind: "value",
        placeholder: "time",
        describe: "ended before that: 12h, 30d, 2w or a day (default 30d)",
      },
      { name: "dry-run", alias: "n", kind: "flag", describe: "only say what would be removed" },
      json,
      ...common,
    ],
  },
  {
    name: "agents",
    usage: "",
    describe: "List the agents: name, address, health, who may call them.",
    options: [
      { name: "health", kind: "negatable", describe: "don't ask the gateways for their health" },
      json,
      ...common,
    ],
  },
  {
    name: "acl",
    usage: "explain <caller> <target>",
    describe: "Tell whether the caller may delegate to the target, and which rule says so.",
    options: [json, ...common],
  },
  {
    name: "doctor",
    usage: "",
    describe:
      "Check config, folders and every agent, without starting an agent run; exit 1 if anything fails.",
    options: [json, ...common],
  },
  {
    name: "handoff",
    usage: "check|submit|progress|ask …",
    describe:
      "For agents: check a handoff, hand it over, say how far you are, or ask; exit 5 if the handoff is wrong.",
    options: [
      {
        name: "schema",
        kind: "value",
        placeholder: "file",
        describe: "check: JSON Schema that its data must satisfy (default: the run's own)",
      },
      { name: "validate", kind: "negatable", describe: "check: look only at status and result" },
      {
        name: "run-id",
        kind: "value",
        placeholder: "id",
        describe: "submit, progress, ask: the run that is worked on (default $DELEGATE_RUN_ID)",
      },
      {
        name: "percent",
        kind: "value",
        placeholder: "n",
        describe: "progress: how far you are, 0 to 100",
      },
      {
        name: "option",
        kind: "list",
        placeholder: "text",
        describe: "ask: an answer to choose; may be repeated",
      },
      { name: "free-text", kind: "negatable", describe: "ask: only an option may be the answer" },
      {
        name: "wait",
        kind: "flag",
        describe: "ask: stay for the answer and print it; exit 7 when the question is skipped",
      },
      {
        name: "timeout",
        kind: "value",
        placeholder: "sec",
        describe: "ask --wait: most time to wait, then exit 3 (default: as long as the run lasts)",
      },
      json,
      ...common,
    ],
    examples: [
      ["delegate handoff check <file>", "tell all that is wrong with it"],
      ["delegate handoff submit <file>", "put it in its place if nothing is wrong; - is stdin"],
      ['delegate handoff progress "reading the plan" --percent 30', "a sign of life"],
    ],
  },
  {
    name: "init",
    usage: "",
    describe: "Write a delegate.config.json to start from; never overwrites.",
    options: [...common],
  },
  {
    name: "gateway",
    usage: "start|status|stop|run",
    describe:
      "The local gateway, which runs agents that are commands; it starts by itself when needed.",
    options: [json, ...common],
  },
  {
    name: "completion",
    usage: "bash|zsh|fish",
    describe: "Print the completion script for a shell.",
    options: [...common],
  },
  {
    name: "demo",
    usage: "",
    describe: "A tour in a temporary project: no keys, no network.",
    options: [...common],
  },
];
