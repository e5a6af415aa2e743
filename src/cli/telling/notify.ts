import type { Notifier, NotifyRules, NotifySubject } from "../../config/notify.ts";
import { notifiersFor } from "../../config/notify.ts";

/** Who is to be told of a run, as said on a command line: these as well, or nobody. */
export type NotifyWish = readonly Notifier[] | "nobody";

/** All that decides who is told of a run. */
export interface NotifyFacts {
  readonly wish: NotifyWish;
  readonly rules: NotifyRules | null;
  /** Null when the run is not known. */
  readonly subject: NotifySubject | null;
  /** Who has been told of this run before. */
  readonly earlier: readonly Notifier[];
}

/** Who is told of a run: whom the config and the command line name, and whoever has heard of its beginning. */
export function chooseNotifiers({
  wish,
  rules,
  subject,
  earlier,
}: NotifyFacts): readonly Notifier[] {
  if (wish === "nobody") return [];
  const configured = subject === null ? [] : notifiersFor(rules, subject);
  return [...new Set([...configured, ...wish, ...earlier])];
}
