import { escapePointer } from "../../json/pointer.ts";
import { didYouMean } from "../../text/nearest.ts";
import { unreachable } from "../../unreachable.ts";
import type { Flow, Step } from "../flow.ts";
import { complain } from "./complaint.ts";
import type { Complaint } from "./complaint.ts";

/** The agents that a config has. */
export interface KnownAgents {
  readonly names: readonly string[];
  /** Whether nothing that the agent does can change anything. */
  readonly canReadOnly: (name: string) => boolean;
}

/**
 * Steps whose role no agent of the config takes, and read-only steps whose agent can't be held to reading: nothing falls
 * back to another agent, and nothing to writing. `agents` says who takes which role.
 */
export function checkAgents(
  flow: Flow,
  agents: Readonly<Record<string, string>>,
  known: KnownAgents,
): readonly Complaint[] {
  const complaints = flow.steps.flatMap((step) =>
    checkStep(step, "/steps", { flow, agents, known }),
  );
  const unique = new Map(complaints.map((each) => [`${each.at}\n${each.message}`, each]));
  return [...unique.values()];
}

interface Facts {
  readonly flow: Flow;
  readonly agents: Readonly<Record<string, string>>;
  readonly known: KnownAgents;
}

function checkStep(step: Step, above: string, facts: Facts): readonly Complaint[] {
  const at = `${above}/${escapePointer(step.id)}`;
  switch (step.kind) {
    case "agent":
      return [
        ...checkRole(step.agent, `${at}/agent`, facts),
        ...(step.mode === "plan" ? checkReadOnly(step.agent, `${at}/mode`, facts) : []),
      ];
    case "ask":
      return step.foreman === null ? [] : checkRole(step.foreman, `${at}/ask/foreman`, facts);
    case "run":
    case "approve":
      return [];
    case "loop":
    case "for-each":
      return step.steps.flatMap((inner) => checkStep(inner, `${at}/steps`, facts));
    case "flow":
      return checkAgents(step.flow, facts.agents, facts.known).map(({ message }) =>
        complain(`${at}/flow`, `in the flow "${step.flow.name}": ${message}`),
      );
    default:
      return unreachable(step);
  }
}

function checkRole(role: string, at: string, facts: Facts): readonly Complaint[] {
  const agent = agentOf(role, facts);
  if (agent === null) return [complain(at, `nobody has the role "${role}"`)];
  const { names } = facts.known;
  if (names.includes(agent)) return [];
  const meant = didYouMean(agent, names);
  const choose = `; name another with --agent ${role}=<agent>`;
  const message = `the config has no agent "${agent}" for the role "${role}"`;
  const isNamedInFile = Object.hasOwn(facts.flow.agents, role);
  return [
    complain(
      isNamedInFile ? `/agents/${escapePointer(role)}` : at,
      message + (meant === "" ? choose : meant),
    ),
  ];
}

function checkReadOnly(role: string, at: string, facts: Facts): readonly Complaint[] {
  const agent = agentOf(role, facts);
  if (agent === null || !facts.known.names.includes(agent)) return [];
  if (facts.known.canReadOnly(agent)) return [];
  const message = `this step may only read, and the agent "${agent}" has no read-only mode; name another with --agent ${role}=<agent>`;
  return [complain(at, message)];
}

function agentOf(role: string, { agents }: Facts): string | null {
  return Object.hasOwn(agents, role) ? (agents[role] ?? null) : null;
}
