import { unreachable } from "../../unreachable.ts";
import { escapeLine } from "../html.ts";
import { spellTime } from "../../text/time-span.ts";
import type { FlowProgress } from "./flow-progress.ts";

/** How a flow run ended, on one line; empty while it has not. */
export function endingLine({ request, view }: FlowProgress): string {
  if (view.end === null) return "";
  const { how, atMs } = view.end;
  const name = escapeLine(request.flowRunId, 130);
  return `${iconOf(how.status)} ${name}: ${how.status}, ${spellTime(atMs - view.createdAtMs)}`;
}

/** Which flow it is, and what it is to do. */
export function subjectLine({ request }: FlowProgress): string {
  const { flow, inputs } = request;
  const given = Object.values(inputs).find((value) => typeof value === "string") ?? "";
  const what = given.trim() === "" ? flow.description : given;
  const more = what === "" ? "" : `: ${escapeLine(what, 300)}`;
  return `<i>${escapeLine(flow.name, 100)}${more}</i>`;
}

function iconOf(status: "complete" | "failed" | "canceled"): string {
  switch (status) {
    case "complete":
      return "✅";
    case "failed":
      return "❌";
    case "canceled":
      return "⛔";
    default:
      return unreachable(status);
  }
}
