import { decideAcl } from "../../acl.ts";
import { agentUnknown } from "../../run/plan.ts";
import { exitCodeOf } from "../../failure.ts";
import type { Command } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

/** `delegate acl explain <caller> <target>`: exit 0 when it may, 4 when it may not. */
export async function runAclExplain(
  command: Command & { name: "acl" },
  shell: Shell,
): Promise<number> {
  const config = configFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const { caller, target } = command;
  if (!Object.hasOwn(config.value.agents, target))
    return reportRefusal(agentUnknown(target, config.value), command.isJson, shell);
  const decision = decideAcl({ caller, target, chain: [] }, config.value);
  const { isAllowed, reason, hint, rule, configKey } = decision;
  if (command.isJson) {
    reportJson(
      { caller, target, isAllowed, rule, configKey, reason, hint, config: config.value.path },
      shell,
    );
  } else {
    shell.stdout.write(
      `${isAllowed ? "allowed" : "denied"}: ${plainLine(reason)}\nrule: ${rule}\nconfig key: ${configKey} in ${config.value.path}\n`,
    );
    if (hint !== "") shell.stdout.write(`to do: ${plainLine(hint)}\n`);
  }
  return isAllowed ? 0 : exitCodeOf({ code: "acl_denied", message: reason, hint });
}
