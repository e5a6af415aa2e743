import { existsSync, mkdirSync } from "node:fs";
import type { FlowEvent } from "../../../src/flows/event.ts";
import { loadEvaluator } from "../../../src/flows/expression/load-evaluator.ts";
import { openSqliteStore } from "../../../src/flows/store/sqlite/sqlite-store.ts";
import { gatewayPid, killGateway } from "../../rig/local-gateway.ts";
import { Rig } from "../../rig/rig.ts";
import { valueOf } from "../conformance/rig.ts";

const killer = new URL("kill-at.ts", import.meta.url).href;

const chain = `name: chain
agents: { coder: coder, reviewer: reviewer }
steps:
  before: { run: "echo x >> before" }
  code: { agent: coder, needs: before, task: write it }
  between: { run: "echo x >> between", needs: code }
  review: { agent: reviewer, needs: between, task: "look at \${{ steps.code.result }}" }
report: "\${{ steps.code.result }}, \${{ steps.review.result }}"
`;

/** What came of a flow run whose process was killed at one point, and that was carried on by another. */
export interface PointReport {
  /** False when its process came to its end before that point. */
  readonly wasKilled: boolean;
  /** What is not as it should be; empty when all went well. */
  readonly problems: readonly string[];
}

/**
 * Carries out a flow of two agents and two commands in a process that is killed at its n-th effect on the world, and then
 * to its end in another.
 */
export async function killAtPoint(point: number): Promise<PointReport> {
  const rig = await Rig.create({ agents: { coder: says("coded"), reviewer: says("reviewed") } });
  try {
    mkdirSync(`${rig.folder}/flows`);
    rig.write("flows/chain.yaml", chain);
    const run = ["flow", "run", "chain", "--run-id", "r", "--quiet"];
    const env = { DELEGATE_TEST_KILL_AT: `${point}`, NODE_OPTIONS: `--import ${killer}` };
    const { signal } = await rig.run(run, { env });
    // The same request joins what is there.
    const { exitCode, stdout } = await rig.run(run);
    const isComplete = exitCode === 0 && stdout.includes("coded, reviewed");
    const problems = [
      ...(isComplete ? [] : [`it ended so: ${stdout}`]),
      ...(await problemsIn(rig)),
    ];
    return { wasKilled: signal === "SIGKILL", problems };
  } finally {
    if (gatewayPid(rig) !== null) await killGateway(rig);
    await rig.dispose();
  }
}

async function problemsIn(rig: Rig): Promise<readonly string[]> {
  const asked = existsSync(`${rig.folder}/asked`) ? rig.read("asked").trim() : "nobody";
  const problems = asked === "r.code.1.1\nr.review.1.1" ? [] : [`these were asked: ${asked}`];
  const done = new Set<string>();
  for (const event of await eventsIn(rig)) {
    if (event.type === "step_started" && done.has(event.key))
      problems.push(`${event.key} was done, and began again`);
    if (event.type === "step_done") done.add(event.key);
  }
  return problems;
}

async function eventsIn(rig: Rig): Promise<readonly FlowEvent[]> {
  const path = `${rig.handoffDir}/.flows/flows.sqlite`;
  const store = valueOf(openSqliteStore({ path, loadEvaluator }));
  const events = valueOf(await store.events("r", 0));
  await store.close();
  return events;
}

/** An agent that notes who asked it, and takes a while. */
function says(word: string): object {
  const line = `cat >/dev/null; echo "$DELEGATE_RUN_ID" >> asked; sleep 0.1; echo ${word}`;
  return { command: ["sh", "-c", line], handoff: "stdout" };
}
