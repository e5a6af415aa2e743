import { didYouMean } from "../../text/nearest.ts";
import type { Flow, Step } from "../flow.ts";
import { stepsInside } from "../inside.ts";

/** Which agent takes which role, or in sentences why that can't be. */
export type AssignedAgents =
  | { readonly ok: true; readonly agents: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Gives every role of a flow and of the flows in it an agent: the one that the start names, else the one of the
 * outermost flow that has the role.
 */
export function assignAgents(flow: Flow, named: Readonly<Record<string, string>>): AssignedAgents {
  const own = rolesIn(flow);
  const problems = Object.keys(named)
    .filter((role) => !Object.hasOwn(own, role))
    .map((role) => {
      const roles = Object.keys(own);
      const meant = didYouMean(role, roles);
      const known = roles.length === 0 ? "; it has none" : `; there are ${roles.join(", ")}`;
      return `the flow "${flow.name}" has no role "${role}"${meant === "" ? known : meant}`;
    });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, agents: { ...own, ...named } };
}

function rolesIn(flow: Flow): Readonly<Record<string, string>> {
  const inside = subflowsIn(flow.steps).map(rolesIn);
  return Object.assign({}, ...inside.toReversed(), flow.agents);
}

function subflowsIn(steps: readonly Step[]): readonly Flow[] {
  return steps.flatMap((step) =>
    step.kind === "flow" ? [step.flow] : subflowsIn(stepsInside(step)),
  );
}
