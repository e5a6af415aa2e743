/** How many steps may be under way at once, over all workers of a store. */
export interface Limits {
  /** In all. */
  readonly steps: number;
  /** By agent; one that is not named has no limit of its own. */
  readonly agents: Readonly<Record<string, number>>;
  /** By the group that steps name. */
  readonly groups: Readonly<Record<string, number>>;
}
