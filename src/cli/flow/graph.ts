import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { Flow } from "../../flows/flow.ts";
import { drawGraph } from "../../flows/graph/draw-graph.ts";
import type { TaskStates } from "../../flows/graph/nodes.ts";
import { runIdPattern } from "../../handoff/paths.ts";
import { plainText } from "../../text/plain.ts";
import { reportFailure } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowGraphCommand } from "./command.ts";
import { configIfAny } from "./config-if-any.ts";
import { flowFailure, loadNamedFlow, placed } from "./load-named-flow.ts";
import { openFlowStore } from "../../flows/store/open-flow-store.ts";

/** What is to be drawn; states only for a flow run. */
interface Picture {
  readonly flow: Flow;
  readonly states: TaskStates | null;
}

/** `delegate flow graph <name|file|id>`. */
export async function graphFlow(command: FlowGraphCommand, shell: Shell): Promise<number> {
  const picture = await findPicture(command, shell);
  if (!picture.ok) return reportFailure(picture.failure, shell);
  const { flow, states } = picture.value;
  shell.stdout.write(plainText(drawGraph(flow, command.format, states)));
  return 0;
}

/** A flow by its name or file; a word that is neither may be the id of a flow run. */
async function findPicture(command: FlowGraphCommand, shell: Shell): Promise<Result<Picture>> {
  const config = configIfAny(command, shell);
  if (!config.ok) return config;
  const named = await loadNamedFlow(command.subject, config.value, shell);
  if (named.ok) {
    const { loaded } = named.value;
    return loaded.ok
      ? success({ flow: loaded.flow, states: null })
      : failure(flowFailure(placed(loaded.problems, shell), command.subject));
  }
  if (config.value === null || !runIdPattern.test(command.subject)) return named;
  const store = await openFlowStore(config.value, shell.env);
  if (!store.ok) return store;
  const state = await store.value.read(command.subject);
  await store.value.close();
  if (!state.ok) return state;
  if (state.value === null) return named;
  const { request, tasks } = state.value;
  const states = new Map([...tasks].map(([key, { status }]) => [key, status]));
  return success({ flow: request.flow, states });
}
