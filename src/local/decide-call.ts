import type { Fields } from "../json/fields.ts";
import { isFields } from "../json/fields.ts";
import { messageOf } from "../thrown.ts";
import type { AgentMode, CommandAgent, Config } from "../config/config.ts";
import { commandInMode } from "../config/read-only.ts";
import { refusal } from "./answer.ts";
import type { Answer } from "./answer.ts";

/** A hook call that may run. */
export interface CallRequest {
  readonly agent: CommandAgent;
  readonly message: string;
  /** Seconds after which the command is ended, or null when the caller names none. */
  readonly timeoutSeconds: number | null;
  readonly waitForCompletion: boolean;
  /** What a second call must equal, besides its key, to mean the same run; null when the caller sent no key. */
  readonly fingerprint: string | null;
}

export type CallDecision =
  | { readonly kind: "run"; readonly call: CallRequest }
  | { readonly kind: "refuse"; readonly answer: Answer };

const MAX_KEY_CHARACTERS = 256;

/** The fields that say what is to be done; all others are ignored, as the hook does. */
const dispatchFields = [
  "name",
  "sessionKey",
  "sessionMode",
  "wakeMode",
  "deliver",
  "channel",
  "to",
  "accountId",
  "model",
  "thinking",
] as const;

/**
 * Reads the body of a hook call; `headerKey` is the idempotency key from the headers, which wins over the body's.
 * Nothing in the body is asked for the mode, so nothing in it can lift one.
 */
export function decideCall(
  body: string,
  headerKey: string | null,
  mode: AgentMode,
  agents: Config["agents"],
): CallDecision {
  const parsed = parseJson(body);
  if (!parsed.ok) return refuse(parsed.error);
  const { fields } = parsed;
  const message = typeof fields["message"] === "string" ? fields["message"].trim() : "";
  if (message === "") return refuse("message required");
  const problem = findProblem(fields);
  if (problem !== null) return refuse(problem);
  const chosen = chooseAgent(fields["agentId"], agents);
  if (typeof chosen === "string") return refuse(chosen);
  const agent = commandInMode(chosen, mode);
  if (agent === null) return refuse(`${chosen.name} has no read-only mode`);
  const timeoutSeconds = readTimeoutSeconds(fields["timeoutSeconds"]);
  const key = readKey(headerKey) ?? readKey(fields["idempotencyKey"]);
  return {
    kind: "run",
    call: {
      agent,
      message,
      timeoutSeconds,
      waitForCompletion: fields["waitForCompletion"] === true,
      fingerprint:
        key === null
          ? null
          : JSON.stringify([
              key,
              agent.name,
              agent.mode,
              message,
              timeoutSeconds,
              ...dispatchFields.map((name) => fields[name] ?? null),
            ]),
    },
  };
}

function findProblem(fields: Fields): string | null {
  const { waitForCompletion, sessionKey, sessionMode, model, deliver, channel } = fields;
  if (waitForCompletion !== undefined && typeof waitForCompletion !== "boolean") {
    return "waitForCompletion must be boolean";
  }
  if (sessionMode !== undefined && sessionMode !== "isolated" && sessionMode !== "persistent") {
    return "sessionMode must be isolated or persistent";
  }
  if (sessionKey !== undefined) {
    return "sessionKey is disabled for externally supplied hook payload values; a command has no sessions";
  }
  if (sessionMode === "persistent") return "sessionKey is required when sessionMode is persistent";
  if (model !== undefined && (typeof model !== "string" || model.trim() === "")) {
    return "model required";
  }
  if (deliver !== false && channel !== undefined) {
    return "the local gateway has no channels to deliver to";
  }
  return null;
}

/** The agent that is meant, or why there is none. */
function chooseAgent(agentId: unknown, agents: Config["agents"]): CommandAgent | string {
  const commands = Object.values(agents).filter((agent) => agent.kind === "command");
  if (agentId === undefined) {
    const [only, ...others] = commands;
    return only !== undefined && others.length === 0
      ? only
      : "agentId is required when multiple agents are configured";
  }
  if (typeof agentId !== "string" || agentId.trim() === "") {
    return "agentId must be a non-empty string";
  }
  const id = agentId.trim();
  const exact = commands.find(({ name }) => name === id);
  if (exact !== undefined) return exact;
  const [similar, ...more] = commands.filter(({ name }) => name.toLowerCase() === id.toLowerCase());
  return similar !== undefined && more.length === 0
    ? similar
    : `unknown agentId ${JSON.stringify(id.slice(0, 100))}`;
}

function readTimeoutSeconds(value: unknown): number | null {
  return typeof value === "number" && value > 0 ? Math.max(1, Math.floor(value)) : null;
}

/** For how long a caller says that it waits for a place; null when it does not say. */
export function readPatienceMs(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : null;
}

function readKey(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const key = value.trim();
  return key === "" || key.length > MAX_KEY_CHARACTERS ? null : key;
}

function parseJson(
  body: string,
): { readonly ok: true; readonly fields: Fields } | { readonly ok: false; readonly error: string } {
  try {
    const value: unknown = JSON.parse(body);
    return { ok: true, fields: isFields(value) ? value : {} };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

function refuse(error: string): CallDecision {
  return { kind: "refuse", answer: refusal(400, error) };
}
