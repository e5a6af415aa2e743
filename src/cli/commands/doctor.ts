import type { Config } from "../../config/config.ts";
import type { Check } from "../doctor/check.ts";
import { fail, ok } from "../doctor/check.ts";
import { checkAgent } from "../doctor/agents.ts";
import { checkFlows } from "../doctor/flows.ts";
import { checkMachine } from "../doctor/machine.ts";
import type { Command } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import { probeAll } from "../doctor/probe.ts";
import { reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

/** `delegate doctor`: each line ok, warn or fail; exit 1 if anything fails. */
export async function runDoctor(
  command: Command & { name: "doctor" },
  shell: Shell,
): Promise<number> {
  const loaded = configFor(shell, command);
  const checks = loaded.ok
    ? [ok("config", loaded.value.path), ...(await checkAll(loaded.value, shell))]
    : [
        fail("config", loaded.failure.message, loaded.failure.hint),
        ...(loaded.failure.problems ?? []).map(({ at, message }) =>
          fail(`config ${at}`, message, "correct it in the config"),
        ),
      ];
  if (command.isJson) reportJson({ checks }, shell);
  else for (const check of checks) shell.stdout.write(`${describe(check)}\n`);
  return checks.some(({ verdict }) => verdict === "fail") ? 1 : 0;
}

async function checkAll(config: Config, shell: Shell): Promise<readonly Check[]> {
  const [agents, flows] = await Promise.all([
    probeAll(Object.values(config.agents), (agent) => checkAgent(agent, shell)),
    checkFlows(config, shell),
  ]);
  return [...checkMachine(config), ...agents.flatMap(([, checks]) => checks), ...flows];
}

function describe({ verdict, subject, message, hint }: Check): string {
  const line = `${verdict.padEnd(4)} ${plainLine(subject)}: ${plainLine(message)}`;
  return hint === "" ? line : `${line}\n     to do: ${plainLine(hint)}`;
}
