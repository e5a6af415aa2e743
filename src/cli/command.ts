import type { AgentMode } from "../config/config.ts";
import type { Since } from "../follow/since.ts";
import type { FlowCommand, WorkerCommand } from "./flow/command.ts";
import type { NotifyWish } from "./telling/notify.ts";

/** Options that every command knows. */
export interface CommonOptions {
  readonly config: string | null;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
}

export type OutputFormat = "json" | "text";

/** Where a text comes from: given as it is, from stdin, or from a file. */
export type TextSource =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "stdin" }
  | { readonly kind: "file"; readonly path: string };

/** Where a document comes from. */
export type DocumentSource = Exclude<TextSource, { readonly kind: "text" }>;

/** A channel, by its name or id, and how many of its newest messages are wanted. */
export interface ChannelWish {
  readonly channel: string;
  readonly count: number;
}

/** `delegate <agent> <task>` as it was written; what is null was not given. Times in milliseconds. */
export interface DelegateCommand extends CommonOptions {
  readonly name: "delegate";
  readonly agent: string;
  readonly task: TextSource;
  readonly context: readonly TextSource[];
  /** The channel whose messages are put before the task. */
  readonly channel: ChannelWish | null;
  readonly schemaFile: string | null;
  readonly waits: boolean;
  readonly timeoutMs: number | null;
  readonly deadlineMs: number | null;
  readonly idleTimeoutMs: number | null;
  readonly attempts: number | null;
  readonly format: OutputFormat;
  /** What the first Ctrl-C does with the run. */
  readonly onInterrupt: "detach" | "cancel";
  /** What to do when the agent asks. */
  readonly onQuestion: "wait" | "exit";
  /** `write`: as the agent is configured. */
  readonly mode: AgentMode;
  readonly doesDeliver: boolean;
  readonly runId: string | null;
  readonly validates: boolean;
  readonly workflowRunId: string | null;
  readonly stepId: string | null;
  readonly caller: string | null;
  readonly parentRunId: string | null;
  readonly isDryRun: boolean;
  readonly checksHealth: boolean;
  readonly notify: NotifyWish;
}

/** What somebody says to a question, as it was written. */
export type WrittenReply =
  | { readonly kind: "text"; readonly source: TextSource }
  | { readonly kind: "option"; readonly number: number }
  | { readonly kind: "approve" }
  | { readonly kind: "skip" }
  | { readonly kind: "discuss"; readonly text: string };

export type GatewayAction = "start" | "status" | "stop" | "run";
export type CompletionShell = "bash" | "zsh" | "fish";

/** `delegate handoff …`: what agents do with handoffs; the run is null when only the environment names it. */
export type HandoffCommand = CommonOptions & {
  readonly name: "handoff";
  readonly isJson: boolean;
} & (
    | {
        readonly action: "check";
        readonly document: DocumentSource;
        readonly schemaFile: string | null;
        readonly validates: boolean;
      }
    | {
        readonly action: "submit";
        readonly document: DocumentSource;
        readonly runId: string | null;
      }
    | {
        readonly action: "progress";
        readonly text: string;
        /** 0 to 100. */
        readonly percent: number | null;
        readonly runId: string | null;
      }
    | {
        readonly action: "ask";
        readonly text: string;
        readonly options: readonly string[];
        readonly allowsFreeText: boolean;
        readonly waits: boolean;
        readonly timeoutMs: number | null;
        readonly runId: string | null;
      }
  );

/** What a command line asks for. */
export type Command =
  | DelegateCommand
  | (CommonOptions & {
      readonly name: "wait";
      readonly runId: string;
      /** How long to wait here at most: from now, from the run's beginning, and from the agent's last sign of life. */
      readonly timeoutMs: number | null;
      readonly deadlineMs: number | null;
      readonly idleTimeoutMs: number | null;
      readonly onQuestion: "wait" | "exit";
      readonly format: OutputFormat;
      readonly notify: NotifyWish;
    })
  | (CommonOptions & { readonly name: "show"; readonly runId: string; readonly isJson: boolean })
  | (CommonOptions & {
      readonly name: "list";
      readonly status: string | null;
      readonly agent: string | null;
      readonly caller: string | null;
      readonly limit: number;
      readonly isJson: boolean;
    })
  | (CommonOptions & {
      readonly name: "cancel";
      readonly runId: string;
      readonly reason: string | null;
      readonly caller: string | null;
      readonly isJson: boolean;
    })
  | (CommonOptions & {
      readonly name: "prune";
      readonly olderThan: Since;
      readonly isDryRun: boolean;
      readonly isJson: boolean;
    })
  | (CommonOptions & {
      readonly name: "agents";
      readonly asksHealth: boolean;
      readonly isJson: boolean;
    })
  | (CommonOptions & {
      readonly name: "logs";
      /** One run, or all of them. */
      readonly runId: string | null;
      readonly isFollowing: boolean;
      /** Only events with a higher number. */
      readonly afterSeq: number | null;
      readonly agent: string | null;
      readonly since: Since | null;
      readonly isJson: boolean;
    })
  | (CommonOptions & {
      readonly name: "watch";
      /** None means all that are in flight. */
      readonly runIds: readonly string[];
      readonly hasExitStatus: boolean;
      readonly isPlain: boolean;
    })
  | (CommonOptions & {
      readonly name: "acl";
      readonly caller: string;
      readonly target: string;
      readonly isJson: boolean;
    })
  | (CommonOptions & { readonly name: "doctor"; readonly isJson: boolean })
  | HandoffCommand
  | FlowCommand
  | WorkerCommand
  | (CommonOptions & {
      readonly name: "questions";
      readonly isOpenOnly: boolean;
      readonly isJson: boolean;
    })
  | (CommonOptions & {
      readonly name: "answer";
      readonly questionId: string;
      readonly reply: WrittenReply;
      readonly by: string | null;
      readonly isJson: boolean;
    })
  | (CommonOptions & { readonly name: "init" })
  | (CommonOptions & {
      readonly name: "gateway";
      readonly action: GatewayAction;
      readonly isJson: boolean;
    })
  | (CommonOptions & { readonly name: "completion"; readonly shell: CompletionShell })
  | (CommonOptions & { readonly name: "demo" })
  | { readonly name: "help"; readonly topic: string }
  | { readonly name: "version" };
