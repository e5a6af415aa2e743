import { didYouMean } from "../../../text/nearest.ts";
import { complain } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { textOf } from "../../json-fields.ts";
import type { OutlineStep } from "../outline.ts";

/** Roles of a step that no agent takes. */
export function checkRoles(step: OutlineStep, roles: readonly string[]): readonly Complaint[] {
  return rolesIn(step).flatMap(({ role, at }) => {
    if (roles.includes(role)) return [];
    const meant = didYouMean(role, roles);
    const message = `nobody has the role "${role}"${meant === "" ? '; give it an agent under "agents"' : meant}`;
    return [complain(at, message)];
  });
}

function rolesIn({
  json,
  at,
}: OutlineStep): readonly { readonly role: string; readonly at: string }[] {
  const agent = textOf(json, "agent");
  const foreman = textOf(json["ask"], "foreman");
  return [
    ...(agent === null ? [] : [{ role: agent, at: `${at}/agent` }]),
    ...(foreman === null ? [] : [{ role: foreman, at: `${at}/ask/foreman` }]),
  ];
}
