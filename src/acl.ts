/** Who may hand work to whom, as configured. */
export interface AclRules {
  /** Caller → the agents it may delegate to; a caller that is not listed may not delegate. */
  readonly acl: Readonly<Record<string, readonly string[]>>;
  /** Whether a delegation must say who delegates. */
  readonly requireCaller: boolean;
  /** The most runs that may hang below each other, this one included. */
  readonly maxDepth: number;
}

/** A wish to delegate. */
export interface AclQuestion {
  /** An agent's name, or null for a person at a shell. */
  readonly caller: string | null;
  readonly target: string;
  /** The agents already working in the runs above this one, outermost first. */
  readonly chain: readonly string[];
}

export type AclRule =
  | "no_caller_allowed"
  | "listed"
  | "caller_required"
  | "self_delegation"
  | "caller_not_listed"
  | "target_not_listed"
  | "cycle"
  | "too_deep";

/** The answer, with the rule that decided and the config key that holds it. */
export interface AclDecision {
  readonly isAllowed: boolean;
  readonly rule: AclRule;
  readonly configKey: string;
  readonly reason: string;
  readonly hint: string;
}

/** Decides whether this caller may hand work to that agent. */
export function decideAcl(question: AclQuestion, rules: AclRules): AclDecision {
  return decideSelf(question) ?? decideChain(question, rules) ?? decideCaller(question, rules);
}

function decideSelf({ caller, target }: AclQuestion): AclDecision | null {
  if (caller !== target) return null;
  return deny(
    "self_delegation",
    "acl",
    `${caller} may not delegate to itself`,
    "do the task yourself, or name another agent",
  );
}

function decideCaller({ caller, target }: AclQuestion, rules: AclRules): AclDecision {
  if (caller === null) {
    return rules.requireCaller
      ? deny(
          "caller_required",
          "requireCaller",
          "this config wants to know who delegates",
          "pass --caller <agent>",
        )
      : allow("no_caller_allowed", "requireCaller", "no caller is named, and none is required");
  }
  const targets = Object.hasOwn(rules.acl, caller) ? rules.acl[caller] : undefined;
  const key = `acl.${caller}`;
  if (targets === undefined) {
    return deny(
      "caller_not_listed",
      key,
      `${caller} is not listed in the acl, so it may not delegate`,
      `add "${caller}": ["${target}"] to "acl" in the config`,
    );
  }
  if (!targets.includes(target)) {
    const others = targets.length === 0 ? "nobody" : targets.join(", ");
    return deny(
      "target_not_listed",
      key,
      `${caller} may delegate to ${others}, not to ${target}`,
      `add "${target}" to "${key}" in the config`,
    );
  }
  return allow("listed", key, `${caller} may delegate to ${target}`);
}

function decideChain({ target, chain }: AclQuestion, { maxDepth }: AclRules): AclDecision | null {
  if (chain.includes(target)) {
    return deny(
      "cycle",
      "acl",
      `${target} is already working in this chain: ${[...chain, target].join(" → ")}`,
      "do the task yourself, or name an agent outside the chain",
    );
  }
  if (chain.length + 1 > maxDepth) {
    return deny(
      "too_deep",
      "maxDepth",
      `this chain would be ${chain.length + 1} runs deep, and ${maxDepth} are allowed`,
      'do the task yourself, or raise "maxDepth" in the config',
    );
  }
  return null;
}

function allow(rule: AclRule, configKey: string, reason: string): AclDecision {
  return { isAllowed: true, rule, configKey, reason, hint: "" };
}

function deny(rule: AclRule, configKey: string, reason: string, hint: string): AclDecision {
  return { isAllowed: false, rule, configKey, reason, hint };
}
