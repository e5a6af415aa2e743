import { didYouMean, nearest } from "../text/nearest.ts";
import type { Problem } from "../failure.ts";
import { agentRules } from "./agent-rules.ts";
import { escapePointer } from "../json/pointer.ts";
import type { AgentEntry } from "./merge.ts";
import { checkMessengers } from "./messenger-rules.ts";
import type { WrittenConfig } from "./written.ts";

/** What the rules look at. */
export interface WrittenFacts {
  readonly config: WrittenConfig;
  readonly agents: readonly AgentEntry[];
  /** The names of all agents, also of those too broken to be looked at; null when they are not known. */
  readonly names: ReadonlySet<string> | null;
  /** Agents of which something was unreadable, so that a missing key proves nothing. */
  readonly incomplete: ReadonlySet<string>;
  /** Whether something about Telegram was unreadable. */
  readonly hasBrokenTelegram: boolean;
}

type Rule = (facts: WrittenFacts) => Problem[];

/** Everything that is wrong in a config and that a schema can't say. */
export function checkRules(facts: WrittenFacts): Problem[] {
  return rules.flatMap((rule) => rule(facts));
}

const agentsFollowTheirRules: Rule = ({ agents, incomplete }) =>
  agents.flatMap((agent) =>
    agentRules.flatMap((rule) => rule(agent, { isIncomplete: incomplete.has(agent.name) })),
  );

const aclNamesDefinedAgents: Rule = ({ config, names }) => {
  if (names === null) return [];
  return aclLists(config).flatMap(({ caller, at, targets }) => [
    ...complainOfCaller(caller, at, names),
    ...targets.flatMap((target, index) => complainOfUnknown(target, `${at}/${index}`, names)),
  ]);
};

const callersAreSpelledRight: Rule = ({ config: { callers, discord }, names }) => {
  if (names === null) return [];
  const complainAt = (place: string, list: object | undefined): Problem[] =>
    Object.keys(list ?? {}).flatMap((caller) =>
      complainOfCaller(caller, `${place}/${escapePointer(caller)}`, names),
    );
  return [...complainAt("/callers", callers), ...complainAt("/discord/callers", discord?.callers)];
};

const foremanIsDefined: Rule = ({ config: { questions }, names }) =>
  names === null || questions?.foreman === undefined
    ? []
    : complainOfUnknown(questions.foreman, "/questions/foreman", names);

const limitedAgentsAreDefined: Rule = ({ config: { flows, store }, names }) => {
  if (names === null) return [];
  const known = new Set([...names, ...(store?.agentsElsewhere ?? [])]);
  return Object.keys(flows?.limits?.agents ?? {}).flatMap((name) =>
    complainOfUnknown(name, `/flows/limits/agents/${escapePointer(name)}`, known),
  );
};

function complainOfUnknown(name: string, at: string, names: ReadonlySet<string>): Problem[] {
  if (names.has(name)) return [];
  const message = `nobody defined the agent ${JSON.stringify(name)}${didYouMean(name, names)}`;
  return [{ at, message }];
}

function complainOfCaller(caller: string, at: string, names: ReadonlySet<string>): Problem[] {
  return isMistypedAgent(caller, names) ? complainOfUnknown(caller, at, names) : [];
}

/** A caller need not be an agent of this config; one that is spelled nearly like an agent is a slip. */
function isMistypedAgent(caller: string, names: ReadonlySet<string>): boolean {
  const guess = names.has(caller) ? null : nearest(caller, names);
  return guess !== null && withoutDigits(guess) !== withoutDigits(caller);
}

function withoutDigits(name: string): string {
  return name.replaceAll(/\d/g, "");
}

const nobodyDelegatesToItself: Rule = ({ config }) =>
  aclLists(config).flatMap(({ caller, at, targets }) =>
    targets.flatMap((target, index) =>
      target === caller
        ? [{ at: `${at}/${index}`, message: "an agent may not delegate to itself" }]
        : [],
    ),
  );

const retryTimesAreInOrder: Rule = ({ config: { retry } }) =>
  retry?.baseMs !== undefined && retry.maxMs !== undefined && retry.baseMs > retry.maxMs
    ? [{ at: "/retry/baseMs", message: "must not be more than maxMs" }]
    : [];

const messengersAreSetUp: Rule = ({ config, hasBrokenTelegram }) =>
  checkMessengers(config, hasBrokenTelegram);

const rules: readonly Rule[] = [
  agentsFollowTheirRules,
  aclNamesDefinedAgents,
  nobodyDelegatesToItself,
  retryTimesAreInOrder,
  callersAreSpelledRight,
  foremanIsDefined,
  limitedAgentsAreDefined,
  messengersAreSetUp,
];

function aclLists(config: WrittenConfig) {
  return Object.entries(config.acl ?? {}).map(([caller, targets]) => ({
    caller,
    at: `/acl/${escapePointer(caller)}`,
    targets,
  }));
}
