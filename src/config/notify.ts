/** Where runs can be told of. */
export const notifiers = ["telegram"] as const;
export type Notifier = (typeof notifiers)[number];

/** Who is told of which runs, as configured. */
export interface NotifyRules {
  /** Of runs about which neither their agent nor their caller says anything. */
  readonly otherwise: readonly Notifier[];
  readonly byAgent: Readonly<Record<string, readonly Notifier[]>>;
  readonly byCaller: Readonly<Record<string, readonly Notifier[]>>;
}

/** Whose run it is; the agent is null for a flow run, and the caller for a person at a shell. */
export interface NotifySubject {
  readonly agent: string | null;
  readonly caller: string | null;
}

/** Who is told of a run; what its agent and its caller say counts together, and before what is said for all. */
export function notifiersFor(
  rules: NotifyRules | null,
  { agent, caller }: NotifySubject,
): readonly Notifier[] {
  if (rules === null) return [];
  const own = [
    agent === null ? undefined : rules.byAgent[agent],
    caller === null ? undefined : rules.byCaller[caller],
  ];
  const said = own.filter((list) => list !== undefined);
  return said.length === 0 ? rules.otherwise : [...new Set(said.flat())];
}
