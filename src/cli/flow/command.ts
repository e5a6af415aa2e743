import type { Since } from "../../follow/since.ts";
import type { GraphFormat } from "../../flows/graph/draw-graph.ts";
import type { FlowRunStatus } from "../../flows/store.ts";
import type { CommonOptions, OutputFormat, TextSource } from "../command.ts";
import type { NotifyWish } from "../telling/notify.ts";

/** `delegate flow run <name|file>` as it was written. */
export interface FlowRunCommand extends CommonOptions {
  readonly action: "run";
  /** A name or a file. */
  readonly flow: string;
  /** Words such as `task=…` and `plan=@plan.md`. */
  readonly inputs: readonly string[];
  /** Agents by role. */
  readonly agents: Readonly<Record<string, string>>;
  /** Its own id, or null for a new one. */
  readonly flowRunId: string | null;
  readonly caller: string | null;
  /** The run within which it is started, or null. */
  readonly parentRunId: string | null;
  readonly doesDetach: boolean;
  readonly isDryRun: boolean;
  readonly stubsFile: string | null;
  /** Whether what would be done is shown whole. */
  readonly isFull: boolean;
  readonly notify: NotifyWish;
  readonly format: OutputFormat;
}

/** A command that stays with a flow run until its end. Times in milliseconds. */
interface Staying extends CommonOptions {
  readonly flowRunId: string;
  readonly format: OutputFormat;
}

export type FlowWaitCommand = Staying & {
  readonly action: "wait";
  /** How long to wait here at most, or null for as long as it takes. */
  readonly timeoutMs: number | null;
  readonly notify: NotifyWish;
};

/** What becomes of a step whose end is unknown. */
export interface RecoveryChoice {
  readonly step: string;
  readonly choice: "rerun" | "skip";
}

export type FlowResumeCommand = Staying & {
  readonly action: "resume";
  readonly choices: readonly RecoveryChoice[];
  readonly doesDetach: boolean;
};

export type FlowRetryCommand = Staying & {
  readonly action: "retry";
  readonly step: string;
  readonly doesDetach: boolean;
};

/** A command that decides about a step that waits for somebody. */
interface Deciding extends CommonOptions {
  readonly flowRunId: string;
  /** A step's id, or its whole key. */
  readonly step: string;
  readonly by: string | null;
  readonly isJson: boolean;
}

export type FlowApproveCommand = Deciding & {
  readonly action: "approve" | "reject";
  readonly note: string | null;
  /** How the digest of what was looked at begins, or null for what is shown now. */
  readonly digest: string | null;
};

export type FlowAnswerCommand = Deciding & {
  readonly action: "answer";
  readonly reply:
    | { readonly kind: "text"; readonly source: TextSource }
    | { readonly kind: "option"; readonly number: number };
};

export type FlowCancelCommand = CommonOptions & {
  readonly action: "cancel";
  readonly flowRunId: string;
  readonly reason: string | null;
  readonly by: string | null;
  readonly isJson: boolean;
};

export type FlowListCommand = CommonOptions & {
  readonly action: "list";
  readonly status: FlowRunStatus | null;
  readonly flow: string | null;
  readonly limit: number;
  readonly isJson: boolean;
};

export type FlowFilesCommand = CommonOptions & {
  readonly action: "files";
  readonly isJson: boolean;
};

export type FlowShowCommand = CommonOptions & {
  readonly action: "show";
  readonly flowRunId: string;
  readonly isJson: boolean;
};

export type FlowGraphCommand = CommonOptions & {
  readonly action: "graph";
  /** The name or file of a flow, or the id of a flow run. */
  readonly subject: string;
  readonly format: GraphFormat;
};

export type FlowValidateCommand = CommonOptions & {
  readonly action: "validate";
  readonly files: readonly string[];
  readonly isJson: boolean;
};

export type FlowLogsCommand = CommonOptions & {
  readonly action: "logs";
  readonly flowRunId: string;
  readonly isFollowing: boolean;
  readonly afterSeq: number | null;
  readonly isJson: boolean;
};

export type FlowWatchCommand = CommonOptions & {
  readonly action: "watch";
  /** None means all that have not ended. */
  readonly flowRunIds: readonly string[];
  readonly hasExitStatus: boolean;
  readonly isPlain: boolean;
};

export type FlowExportCommand = CommonOptions & {
  readonly action: "export";
  readonly flowRunId: string;
  readonly format: "markdown" | "json";
  /** The file to write, or null for stdout. */
  readonly output: string | null;
};

export type FlowPruneCommand = CommonOptions & {
  readonly action: "prune";
  readonly olderThan: Since;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
};

/** `delegate flow <verb> …`. */
export type FlowCommand = { readonly name: "flow" } & (
  | FlowRunCommand
  | FlowWaitCommand
  | FlowListCommand
  | FlowFilesCommand
  | FlowShowCommand
  | FlowGraphCommand
  | FlowValidateCommand
  | FlowLogsCommand
  | FlowWatchCommand
  | FlowApproveCommand
  | FlowAnswerCommand
  | FlowCancelCommand
  | FlowResumeCommand
  | FlowRetryCommand
  | FlowExportCommand
  | FlowPruneCommand
);

/** `delegate worker`. Times in milliseconds. */
export interface WorkerCommand extends CommonOptions {
  readonly name: "worker";
  /** How long it stays without anything to do; null: until it is told to leave. */
  readonly idleMs: number | null;
  /** The most steps at once, or null for the config's. */
  readonly limit: number | null;
}
