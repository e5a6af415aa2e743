import type { Config } from "../../../config/config.ts";
import { plainLine } from "../../../text/plain.ts";
import type { Shell } from "../../shell.ts";
import { readTelegramSettings } from "../../telling/telegram-settings.ts";
import { ToldFlows } from "./told-flows.ts";

/**
 * Has people told of flow runs while something is done: of all that are told of, if this process has to do with one of
 * them, or with all flow runs (null). Nothing of it is loaded where no bot is configured.
 */
export async function withTelling<T>(
  flowRunId: string | null,
  config: Config,
  shell: Shell,
  body: () => Promise<T>,
): Promise<T> {
  if (config.telegram === null) return body();
  const told = new ToldFlows(config);
  if (flowRunId !== null && !told.isOpen(flowRunId)) return body();
  const settings = readTelegramSettings(config, shell);
  if (!settings.ok) {
    if (told.list().length > 0)
      shell.stderr.write(`delegate: ${plainLine(settings.failure.message)}\n`);
    return body();
  }
  const { FlowTeller } = await import("./flow-teller.ts");
  const teller = new FlowTeller({ flowRunId, settings: settings.value, told, config, shell });
  teller.start();
  try {
    return await body();
  } finally {
    await teller.close();
  }
}
