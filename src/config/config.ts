import type { AclRules } from "../acl.ts";
import type { Limits } from "./flow-limits.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import type { RetryPolicy } from "../retry.ts";
import type { NotifyRules } from "./notify.ts";

/** Where a token comes from; the token itself is never part of a config. */
export type TokenSource = { readonly env: string } | { readonly file: string };

/** Where a caller's bot token is: a variable, a file, or an OpenClaw instance's own config (absolute paths). */
export type BotTokenSource =
  | TokenSource
  | {
      readonly openclaw: string;
      /** Which of its Discord accounts; without it, its default one. */
      readonly account?: string;
    };

/** Where an agent's reply is posted besides its handoff. */
export interface Delivery {
  readonly channel: string;
  readonly to: string;
}

/** Whether an agent may change things, or only read. */
export type AgentMode = "write" | "plan";

/** An agent behind a gateway that somebody else runs. */
export interface GatewayAgent {
  readonly kind: "gateway";
  readonly name: string;
  /** `plan` is the config's word that the agent only has reading tools there; nobody can check it from here. */
  readonly mode: AgentMode;
  /** Scheme, host and port, without a path. */
  readonly origin: string;
  readonly hookPath: string;
  /** The agent's id at its gateway. */
  readonly agentId: string;
  readonly token: TokenSource | null;
  /** The handoff folder as the agent sees it, or null when it is the same path. */
  readonly agentHandoffDir: string | null;
  readonly deliver: Delivery | null;
  readonly sessionKey: string | null;
  readonly timeoutSeconds: number | null;
}

/** How a command-line agent hands over: it writes the file, or what it prints is wrapped. */
export type CommandHandoff = "file" | "stdout";

/** What is run for an agent that is a command, how it gets its message, and how it hands over. */
export interface CommandCall {
  /** The program and its arguments; never run through a shell. */
  readonly command: readonly string[];
  readonly handoff: CommandHandoff;
  /** Whether the message arrives on stdin or as the last argument. */
  readonly prompt: "stdin" | "argument";
  /** Variables set for the command besides the inherited ones; a source names one of ours. */
  readonly env: Readonly<Record<string, string | { readonly env: string }>>;
}

/** An agent that is a command and runs behind the local gateway. */
export interface CommandAgent extends CommandCall {
  readonly kind: "command";
  readonly name: string;
  /** Absolute working directory. */
  readonly cwd: string;
  readonly preset: string | null;
  readonly mode: AgentMode;
  /** What is run instead when only reading is asked for; null when the agent can't be held to that. */
  readonly planCall: CommandCall | null;
  /** The most bytes taken from its stdout; more ends it. */
  readonly maxOutputBytes: number;
  readonly timeoutSeconds: number | null;
}

export type Agent = GatewayAgent | CommandAgent;

/** Everything a run needs to know, checked and with absolute paths. */
export interface Config extends AclRules {
  /** The file it was read from. */
  readonly path: string;
  readonly handoffDir: string;
  readonly logDir: string;
  readonly agents: Readonly<Record<string, Agent>>;
  /** Seconds that one attempt may take, from its admission. */
  readonly timeoutSeconds: number;
  readonly retry: RetryPolicy;
  /** How handoff files are noticed: by the system, or by looking now and then (network file systems). */
  readonly watch: "notify" | "poll";
  readonly gateway: LocalGatewaySettings;
  readonly discord: DiscordConfig | null;
  readonly telegram: TelegramConfig | null;
  /** Who is told of runs, or null when nobody is. */
  readonly notify: NotifyRules | null;
  readonly questions: QuestionSettings | null;
  readonly flows: FlowSettings;
  /** Where flow runs are kept; null: in a file in the handoff folder. */
  readonly store: StoreSettings | null;
}

/** The Postgres that keeps flow runs. */
export interface StoreSettings {
  /** Where its address is; the address has a password in it. */
  readonly postgres: TokenSource;
  /** Agents that only workers on other machines can hand work to. */
  readonly agentsElsewhere: readonly string[];
}

/** Where flows are, and how much of them goes on at once. */
export interface FlowSettings {
  /** Absolute. */
  readonly dir: string;
  readonly limits: Limits;
}

/** As whom Discord's channels are read. */
export interface DiscordConfig {
  /** The root of its API, or null for Discord's own. */
  readonly apiRoot: string | null;
  /** By caller. */
  readonly callers: Readonly<Record<string, DiscordCaller>>;
}

/** A caller's bot. */
export interface DiscordCaller {
  readonly token: BotTokenSource;
  /** The id of the only server whose channels may be read, or null. */
  readonly guildId: string | null;
}

/** The bot that tells of runs in Telegram, and where. */
export interface TelegramConfig {
  readonly token: TokenSource;
  /** The root of the Bot API, or null for Telegram's own. */
  readonly apiRoot: string | null;
  readonly chatId: ChatId;
  /** The topic in a group that has topics, or null. */
  readonly threadId: number | null;
  /** The chats from which answers are taken. */
  readonly allowedChats: readonly ChatId[];
  /** Hours for which a process in the background waits for an answer. */
  readonly waitHours: number;
}

/** A chat as Telegram names it: a number, or `@name` for a public channel or group. */
export type ChatId = string | number;

/** How the local gateway behaves. */
export interface LocalGatewaySettings {
  /** Commands that may run at once; more wait for a place, at most 15 s. */
  readonly maxConcurrent: number;
  /** Seconds without work after which it leaves. */
  readonly idleSeconds: number;
}
