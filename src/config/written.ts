import type { Limits } from "./flow-limits.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import type { AgentMode, ChatId, CommandHandoff, Delivery, TokenSource } from "./config.ts";
import type { Notifier } from "./notify.ts";
import type { RetryPolicy } from "../retry.ts";

/** An agent as somebody writes it down; which keys belong together is said by the rules. */
export interface WrittenAgent {
  readonly url?: string;
  readonly port?: number;
  readonly hookPath?: string;
  readonly agentId?: string;
  readonly token?: TokenSource;
  readonly agentHandoffDir?: string;
  readonly deliver?: Delivery;
  readonly sessionKey?: string;
  readonly insecure?: boolean;
  readonly command?: readonly string[];
  readonly planCommand?: readonly string[];
  readonly preset?: string;
  readonly program?: string;
  readonly args?: readonly string[];
  readonly planArgs?: readonly string[];
  readonly handoff?: CommandHandoff;
  readonly prompt?: "stdin" | "argument";
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | { readonly env: string }>>;
  readonly mode?: AgentMode;
  readonly maxOutputBytes?: number;
  readonly timeoutSeconds?: number;
  readonly notify?: readonly Notifier[];
}

export type AgentKey = keyof WrittenAgent;

/** A `delegate.config.json` that its schema accepts. */
export interface WrittenConfig {
  readonly $schema?: string;
  readonly handoffDir?: string;
  readonly logDir?: string;
  readonly registry?: string;
  readonly agents?: Readonly<Record<string, WrittenAgent>>;
  readonly acl?: Readonly<Record<string, readonly string[]>>;
  readonly requireCaller?: boolean;
  readonly maxDepth?: number;
  readonly timeoutSeconds?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly watch?: "notify" | "poll";
  readonly gateway?: { readonly maxConcurrent?: number; readonly idleSeconds?: number };
  readonly discord?: WrittenDiscord;
  readonly telegram?: WrittenTelegram;
  readonly notify?: readonly Notifier[];
  readonly callers?: Readonly<Record<string, WrittenCaller>>;
  readonly questions?: WrittenQuestions;
  readonly flows?: { readonly dir?: string; readonly limits?: Partial<Limits> };
  readonly store?: { readonly postgres: TokenSource; readonly agentsElsewhere?: readonly string[] };
}

/** Where a bot's token is, as somebody writes it down; which keys belong together is said by the rules. */
export interface WrittenBotToken {
  readonly env?: string;
  readonly file?: string;
  readonly openclaw?: string;
  readonly account?: string;
}

interface WrittenDiscord {
  readonly apiRoot?: string;
  readonly callers?: Readonly<
    Record<string, { readonly token: WrittenBotToken; readonly guildId?: string }>
  >;
}

interface WrittenTelegram {
  readonly token: TokenSource;
  readonly chatId: ChatId;
  readonly threadId?: number;
  readonly allowedChats?: readonly ChatId[];
  readonly apiRoot?: string;
  readonly waitHours?: number;
}

interface WrittenCaller {
  readonly notify?: readonly Notifier[];
}

interface WrittenQuestions extends Partial<Omit<QuestionSettings, "foreman" | "otherwise">> {
  readonly foreman?: string;
  readonly then?: QuestionSettings["otherwise"];
}

/** A registry that its schema accepts; other tools may keep keys of their own in it. */
export interface WrittenRegistry {
  readonly agents: Readonly<Record<string, WrittenAgent>>;
}

/** The keys that only make sense for an agent behind a gateway. */
export const gatewayKeys = [
  "url",
  "port",
  "hookPath",
  "agentId",
  "token",
  "agentHandoffDir",
  "deliver",
  "sessionKey",
  "insecure",
] as const satisfies readonly AgentKey[];

/** The keys that only make sense for an agent that is a command. */
export const commandKeys = [
  "command",
  "planCommand",
  "preset",
  "program",
  "args",
  "planArgs",
  "handoff",
  "prompt",
  "cwd",
  "env",
  "maxOutputBytes",
] as const satisfies readonly AgentKey[];

/** The keys that say how an agent is reached; an agent has exactly one. */
export const addressKeys = [
  "url",
  "port",
  "command",
  "preset",
] as const satisfies readonly AgentKey[];
