/** Why Telegram did not do what it was asked to. */
export type BotFault =
  /** Too many calls; none may be made until then. */
  | { readonly kind: "limited"; readonly retryAfterMs: number; readonly reason: string }
  /** Not reached, or in trouble itself. */
  | { readonly kind: "unavailable"; readonly reason: string }
  /** The message is already as it should be. */
  | { readonly kind: "not_modified"; readonly reason: string }
  /** The message was deleted, or is too old to be edited. */
  | { readonly kind: "message_gone"; readonly reason: string }
  | { readonly kind: "token_refused"; readonly reason: string }
  /** Somebody else receives this bot's messages. */
  | { readonly kind: "conflict"; readonly reason: string }
  /** This very call will never do. */
  | { readonly kind: "refused"; readonly reason: string };

/** The error that Telegram answered with. */
export interface BotError {
  readonly code: number;
  readonly description: string;
  readonly retryAfterSeconds: number | null;
  /** The chat's new id, when it has become a supergroup. */
  readonly movedToChatId: number | null;
}

/** What an error of Telegram means for what to do next. */
export function classifyBotError(error: BotError): BotFault {
  const { code, description, retryAfterSeconds, movedToChatId } = error;
  const reason = `${code} ${description}`;
  if (retryAfterSeconds !== null || code === 429)
    return { kind: "limited", retryAfterMs: (retryAfterSeconds ?? 1) * 1_000, reason };
  if (code === 401 || code === 404) return { kind: "token_refused", reason };
  if (code === 409) return { kind: "conflict", reason };
  if (code >= 500) return { kind: "unavailable", reason };
  if (/message is not modified/i.test(description)) return { kind: "not_modified", reason };
  if (/message to edit not found|message can't be edited|message_id_invalid/i.test(description))
    return { kind: "message_gone", reason };
  return {
    kind: "refused",
    reason: movedToChatId === null ? reason : `the chat's id is ${movedToChatId} now`,
  };
}
