/** What came of one question to Discord; a failure to ask is a value, too. */
export type DiscordReply = { readonly kind: "answered"; readonly body: unknown } | DiscordTrouble;

/** Why there is no answer. */
export type DiscordTrouble =
  /** Discord understood, and said no. */
  | {
      readonly kind: "refused";
      readonly httpStatus: number;
      /** Discord's own number for what is wrong, such as 50001; 0 when it gave none. */
      readonly code: number;
      readonly reason: string;
    }
  /** To wait so long would take more than the time there is; null when it did not say how long. */
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number | null }
  /** Discord itself is out of order. */
  | { readonly kind: "sick"; readonly httpStatus: number }
  /** Something answers, but not with what Discord's API answers. */
  | { readonly kind: "not_discord"; readonly reason: string }
  | { readonly kind: "not_reached"; readonly reason: string }
  | { readonly kind: "too_late"; readonly timeoutMs: number }
  | { readonly kind: "interrupted" };
