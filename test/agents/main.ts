import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SuiteRunner } from "../rig/suite-runner.ts";
import { agentTools } from "./catalog.ts";
import { installTool } from "./install.ts";
import { endProcessesAtHomeIn } from "./leftovers.ts";
import { withoutNetwork } from "./network.ts";
import { rigEnvironment } from "./rig.ts";

// Installs real command-line agents into a cache folder and delegates to them through the built command, with a stand-in
// for their models. Words before `--` name the agents, all without; what follows goes to vitest. DELEGATE_CACHE_DIR names
// another cache folder.

const suites = new SuiteRunner("agents");

function splitArguments(words: readonly string[]): { names: string[]; forVitest: string[] } {
  const at = words.indexOf("--");
  const names = words.slice(0, at === -1 ? words.length : at);
  return { names, forVitest: at === -1 ? [] : words.slice(at + 1) };
}

/** Not the usual one: codex may always write there. */
function temporaryParent(): string {
  return existsSync("/var/tmp") ? "/var/tmp" : tmpdir();
}

await suites.conclude(async () => {
  const { say, signal, cache } = suites;
  const { names, forVitest } = splitArguments(process.argv.slice(2));
  const unknown = names.filter((name) => agentTools.every((tool) => tool.name !== name));
  if (unknown.length > 0) throw new Error(`no agents of this test: ${unknown.join(", ")}`);
  const tools = agentTools.filter(({ name }) => names.length === 0 || names.includes(name));
  const toolNames = tools.map(({ name }) => name);
  say(`installing into ${cache}, unless they are there: ${toolNames.join(", ")}`);
  await Promise.all(
    tools.map(async (tool) => {
      if (await installTool(tool, cache, signal)) say(`installed ${tool.name}`);
    }),
  );
  const folder = await realpath(await mkdtemp(join(temporaryParent(), "delegate-agents-")));
  try {
    const isolation = withoutNetwork();
    say(isolation.length > 0 ? "delegating, with no network but loopback" : "delegating");
    const rig = rigEnvironment({ cache, folder, toolNames });
    return await suites.run(forVitest, rig, isolation);
  } finally {
    await endProcessesAtHomeIn(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
