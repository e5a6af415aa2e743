import { decideAcl } from "../../acl.ts";
import type { Config } from "../../config/config.ts";
import type { Failure } from "../../failure.ts";
import type { FlowRequest } from "../../flows/flow-run.ts";
import type { Step } from "../../flows/flow.ts";
import { stepsInside } from "../../flows/inside.ts";
import { callerOf } from "../../flows/steps/agent-ask.ts";
import { aclDenied } from "../../run/plan.ts";

/**
 * Why whoever starts a flow run may not hand work to its agents, or null when they may: better before the first step is
 * paid than at the last one. Each step asks again; about agents elsewhere only the configs there know.
 */
export function findDenied(
  { flow, agents, author }: FlowRequest,
  chain: readonly string[],
  config: Config,
): Failure | null {
  const caller = callerOf(author, config);
  const elsewhere = config.store?.agentsElsewhere ?? [];
  const targets = new Set(rolesIn(flow.steps).flatMap((role) => agents[role] ?? []));
  const denied = [...targets]
    .filter((target) => !elsewhere.includes(target))
    .map((target) => decideAcl({ caller, target, chain }, config))
    .filter(({ isAllowed }) => !isAllowed)
    .map(aclDenied);
  const [first, ...more] = denied;
  if (first === undefined || more.length === 0) return first ?? null;
  return { ...first, message: denied.map(({ message }) => message).join("; ") };
}

function rolesIn(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === "agent" ? [step.agent] : rolesIn(stepsInside(step)),
  );
}
