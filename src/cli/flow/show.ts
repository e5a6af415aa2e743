import type { Failure } from "../../failure.ts";
import type { FlowEvent } from "../../flows/event.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import { applyToView, unseenFlow } from "../../flows/view/view.ts";
import type { FlowView } from "../../flows/view/view.ts";
import { treeLines } from "../../flows/watch/lines.ts";
import { watchRows } from "../../flows/watch/rows.ts";
import { statusOfView } from "../../flows/watch/status.ts";
import { describeEnd, describeFlowEvent } from "../../flows/view/wording.ts";
import { fitCells } from "../../text/width.ts";
import { spellTime } from "../../text/time-span.ts";
import { plainLine, plainText } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { loadEvaluator } from "../../flows/expression/load-evaluator.ts";
import { withFlowsToLook } from "./open-flows.ts";
import { commandLines } from "./asking-lines.ts";
import type { FlowShowCommand } from "./command.ts";
import { readKnownFlow } from "./known-flow.ts";
import type { WantedStep } from "./people-wanted.ts";
import { peopleWanted } from "./people-wanted.ts";
import { printedLines } from "./printed-lines.ts";
import { reportSoFar } from "./report-so-far.ts";

/** Of the inputs so much is shown; `--json` and an export have all. */
const MOST_INPUT_CELLS = 2_000;

/** Everything that is known of a flow run. */
interface Known {
  readonly state: FlowState;
  readonly wanted: readonly WantedStep[];
  readonly events: readonly FlowEvent[];
  readonly view: FlowView;
  readonly report: string | null;
}

/** `delegate flow show <id>`: all that is known of a flow run, and what it wants of people. */
export async function showFlow(command: FlowShowCommand, shell: Shell): Promise<number> {
  const { flowRunId, isJson } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlowsToLook(command, shell, refuse, async ({ store, config }) => {
    const state = await readKnownFlow(store, flowRunId);
    if (!state.ok) return refuse(state.failure);
    const events = await store.events(flowRunId, 0);
    if (!events.ok) return refuse(events.failure);
    const view = applyToView(unseenFlow, events.value);
    const report = reportSoFar(state.value, await loadEvaluator());
    const wanted = peopleWanted(state.value, config.handoffDir);
    const known = { state: state.value, wanted, events: events.value, view, report };
    if (isJson) reportJson(documentOf(known), shell);
    else shell.stdout.write(`${describe(known, shell.clock.nowMs()).join("\n")}\n`);
    return 0;
  });
}

function documentOf({ state, wanted, events, view, report }: Known) {
  const { request, tasks, cancel, end } = state;
  return {
    flowRunId: request.flowRunId,
    name: request.flow.name,
    status: statusOfView(view),
    request,
    tasks: [...tasks.values()],
    asking: wanted.map(({ key, asking }) => ({ step: key, ...asking })),
    cancel,
    end,
    report,
    events,
  };
}

function describe(known: Known, nowMs: number): readonly string[] {
  const { state, events, view, report } = known;
  const told = events.map((event) => `  ${event.at} ${plainLine(describeFlowEvent(event))}`);
  const screen = { columns: Infinity, rows: Infinity, plain: plainLine };
  const tree = treeLines(watchRows(state.request.flow, view, nowMs), screen);
  return [
    ...headOf(known, nowMs),
    "",
    "steps",
    ...tree.map((line) => `  ${line}`),
    ...askedOf(known),
    ...printedLines(state.tasks.values(), state.request.flowRunId),
    "",
    "events",
    ...told,
    ...(report === null ? [] : ["", "report", ...indented(report)]),
  ];
}

function headOf({ state: { request, end }, view }: Known, nowMs: number): readonly string[] {
  const { flowRunId, flow, author, createdAt, cwd, inputs, agents } = request;
  const status = statusOfView(view);
  const roles = Object.entries(agents).map(([role, agent]) => `${role}=${agent}`);
  const rows: readonly (readonly [string, string])[] = [
    ["flow run", flowRunId],
    ["flow", flow.name],
    ["status", end === null ? status : describeEnd(end)],
    ["author", author],
    ["created", createdAt],
    [
      end === null ? "so far" : "took",
      spellTime((view.end?.atMs ?? nowMs) - Date.parse(createdAt)),
    ],
    ["folder", cwd],
    ["inputs", fitCells(JSON.stringify(inputs), MOST_INPUT_CELLS)],
    ...(roles.length === 0 ? [] : [["agents", roles.join(", ")] as const]),
  ];
  return rows.map(([label, value]) => `${label}: ${plainLine(value)}`);
}

/** What it wants of people now, whole. */
function askedOf({ wanted }: Known): readonly string[] {
  return wanted.flatMap(({ asking: { title, shown, commands } }) => [
    "",
    plainLine(title),
    ...indented(shown),
    ...commandLines(commands),
  ]);
}

function indented(text: string): readonly string[] {
  if (text === "") return [];
  const lines = plainText(text).trimEnd().split("\n");
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
